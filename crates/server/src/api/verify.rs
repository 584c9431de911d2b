//! The public check of a document by its code, and by its bytes.

use super::{
    problem::ApiResult,
    throttle::{self, Peer},
};
use crate::app::App;
use axum::{
    Json,
    extract::{Multipart, Path, State, multipart::MultipartError},
    http::StatusCode,
};
use control::seal::{self, DETACHED_PDF_BYTES_MAX, Verification};
use standard::{Finding, Refusal};

/// Look up a document by its verify code
#[utoipa::path(get, path = "/verifications/{code}", tag = "verify", params(("code" = String, Path)), responses((status = 200, body = Verification)))]
pub async fn look_up(State(app): State<App>, peer: Peer, Path(code): Path<String>) -> ApiResult<Json<Verification>> {
    throttle::verify(peer)?;
    Ok(Json(seal::verify(&app.db, &code, None).await?))
}

/// Compare a PDF with what was signed: one changed byte fails
#[utoipa::path(post, path = "/verifications/{code}", tag = "verify", params(("code" = String, Path)),
    request_body(content = String, content_type = "multipart/form-data"), responses((status = 200, body = Verification)))]
pub async fn compare(State(app): State<App>, peer: Peer, Path(code): Path<String>, form: Multipart) -> ApiResult<Json<Verification>> {
    throttle::verify(peer)?;
    let (_, bytes) = file_of(form, DETACHED_PDF_BYTES_MAX).await?;
    Ok(Json(seal::verify(&app.db, &code, Some(&bytes)).await?))
}

/// The first file of a multipart form, with its name. A file that is too large is read to its end (within the body bound) before it is
/// refused: a client still sending would see a broken connection instead of the reason.
pub async fn file_of(mut form: Multipart, bytes_max: usize) -> Result<(String, Vec<u8>), Refusal> {
    while let Some(mut field) = form.next_field().await.map_err(|error| unreadable(&error, bytes_max))? {
        let Some(name) = field.file_name().map(str::to_owned) else {
            continue;
        };
        let mut bytes = Vec::new();
        let mut size = 0;
        while let Some(chunk) = field.chunk().await.map_err(|error| unreadable(&error, bytes_max))? {
            size += chunk.len();
            if size <= bytes_max {
                bytes.extend_from_slice(&chunk);
            }
        }
        return if size > bytes_max {
            Err(too_large(bytes_max))
        } else {
            Ok((name, bytes))
        };
    }
    Err(Refusal::invalid(
        Finding::blocking("file_missing", "没有选择文件", "there is no file in the upload").remedy("请选择要上传的文件", "choose a file"),
    ))
}

fn too_large(bytes_max: usize) -> Refusal {
    let limit = bytes_max >> 20;
    Refusal::too_large(
        "file_too_large",
        format!("文件超过 {limit} MB"),
        format!("the file is larger than {limit} MB"),
    )
    .remedy("请拆分后分批上传", "split it and upload the parts")
}

fn unreadable(error: &MultipartError, bytes_max: usize) -> Refusal {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return too_large(bytes_max);
    }
    Refusal::invalid(
        Finding::blocking("upload_unreadable", "上传的文件无法读取", "the upload cannot be read")
            .remedy("请重新选择文件", "choose the file again"),
    )
}
