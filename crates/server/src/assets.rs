//! The browser's files, embedded in the binary with their precompressed forms.

use axum::{
    body::Body,
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};

#[derive(rust_embed::RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Dist;

/// Which page a path belongs to: each portal routes inside its own page.
fn page_of(path: &str) -> &'static str {
    match path.split('/').next().unwrap_or_default() {
        "employer" => "employer.html",
        "agency" => "agency.html",
        "me" => "me.html",
        "verify" => "verify.html",
        _ => "index.html",
    }
}

fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|v| v.split(',').any(|c| c.trim().split(';').next() == Some(coding)))
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn send(name: &str, headers: &HeaderMap) -> Option<Response> {
    let plain = Dist::get(name)?;
    let etag = format!("\"{}\"", hex::encode(&plain.metadata.sha256_hash()[..12]));
    // A file under assets/ carries its content's hash in its name and never changes.
    let cache = if name.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let unchanged = headers.get(header::IF_NONE_MATCH).is_some_and(|v| v.as_bytes() == etag.as_bytes());
    let mut answer = if unchanged {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let packed = [("br", "br"), ("gzip", "gz")]
            .into_iter()
            .filter(|(coding, _)| accepts(headers, coding))
            .find_map(|(coding, ending)| Dist::get(&format!("{name}.{ending}")).map(|file| (coding, file)));
        let mut answer = match packed {
            Some((coding, file)) => {
                let mut answer = Body::from(file.data).into_response();
                answer
                    .headers_mut()
                    .insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
                answer
            }
            None => Body::from(plain.data).into_response(),
        };
        answer
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(name)));
        answer
    };
    let head = answer.headers_mut();
    head.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    head.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        head.insert(header::ETAG, etag);
    }
    Some(answer)
}

/// A file of the bundle.
pub async fn file(Path(name): Path<String>, headers: HeaderMap) -> Response {
    send(&format!("assets/{name}"), &headers).unwrap_or_else(|| StatusCode::NOT_FOUND.into_response())
}

/// Everything that is no API path: a file of the bundle, else the page of the portal the path belongs to.
pub async fn page(uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    if path.starts_with("api/") || path.starts_with("exchange/") {
        return StatusCode::NOT_FOUND.into_response();
    }
    let direct = if path.is_empty() || path.ends_with(".br") || path.ends_with(".gz") {
        None
    } else {
        send(path, &headers)
    };
    direct.or_else(|| send(page_of(path), &headers)).unwrap_or_else(|| {
        (
            StatusCode::NOT_FOUND,
            [(header::CONTENT_TYPE, "text/plain; charset=utf-8")],
            "网页文件未构建：请运行 make web 后重新编译。\nThe web files are not built: run `make web` and build again.\n",
        )
            .into_response()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_portal_has_its_page() {
        for (path, page) in [
            ("", "index.html"),
            ("employer/transfers/1", "employer.html"),
            ("agency", "agency.html"),
            ("verify/ABC", "verify.html"),
        ] {
            assert_eq!(page_of(path), page);
        }
    }

    #[test]
    fn encodings_are_read_whole() {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip, deflate, br;q=0.9"));
        assert!(accepts(&headers, "br") && accepts(&headers, "gzip") && !accepts(&headers, "zstd"));
    }
}
