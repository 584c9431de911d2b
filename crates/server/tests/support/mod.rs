//! Whole-system tests: the real binary, real HTTP, real databases.
#![allow(dead_code, clippy::unwrap_used, missing_docs)]

pub mod month;
pub mod sites;

use serde_json::{Value, json};
use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// The password of the demo's logins.
pub const PASSWORD: &str = "Shebao-2026";

/// A free loopback port.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Runs the binary to its end; its standard output.
pub fn shebao(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_shebao")).args(args).output().unwrap();
    assert!(
        output.status.success(),
        "shebao {args:?} failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// A serving process; killed when dropped.
pub struct Server {
    child: Child,
    pub base: String,
    pub config: PathBuf,
}

impl Server {
    /// Starts `shebao serve --config` and waits until it is ready.
    pub async fn start(config: &Path, port: u16) -> Self {
        let server = Self {
            child: spawn(config),
            base: format!("http://127.0.0.1:{port}"),
            config: config.to_owned(),
        };
        server.wait_ready().await;
        server
    }

    /// SIGKILL: nothing is put in order.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Starts the same again after a kill, without waiting for it.
    pub fn spawn_only(&mut self) {
        self.child = spawn(&self.config);
    }

    /// Starts the same again after a kill.
    pub async fn restart(&mut self) {
        self.child = spawn(&self.config);
        self.wait_ready().await;
    }

    async fn wait_ready(&self) {
        let start = Instant::now();
        loop {
            if let Ok(answer) = client().get(format!("{}/readyz", self.base)).send().await
                && answer.status().is_success()
            {
                return;
            }
            assert!(start.elapsed() < Duration::from_secs(60), "the server did not become ready");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(config: &Path) -> Child {
    let log = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(config.with_extension("log"))
        .unwrap();
    Command::new(env!("CARGO_BIN_EXE_shebao"))
        .args(["serve", "--config", config.to_str().unwrap()])
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
        .unwrap()
}

/// A client without a session.
pub fn client() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .no_proxy()
        .timeout(Duration::from_secs(60))
        .tls_certs_only([])
        .build()
        .unwrap()
}

async fn answer_of(answer: reqwest::Response) -> Option<Answer> {
    let status = answer.status().as_u16();
    let text = answer.bytes().await.ok()?;
    Some(Answer {
        status,
        body: serde_json::from_slice(&text).unwrap_or(Value::Null),
    })
}

/// A signed-in person.
#[derive(Clone)]
pub struct Person {
    http: reqwest::Client,
    pub base: String,
    cookie: String,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: Value,
}

impl Answer {
    /// The body of a success.
    pub fn ok(self) -> Value {
        assert!(
            (200..300).contains(&self.status),
            "expected success, got {} {}",
            self.status,
            self.body
        );
        self.body
    }

    /// The rule of a refusal.
    pub fn rule(&self) -> &str {
        assert!(self.status >= 400, "expected a refusal, got {} {}", self.status, self.body);
        self.body["rule"].as_str().unwrap_or_default()
    }
}

impl Person {
    /// Signs in.
    pub async fn sign_in(server: &Server, username: &str) -> Self {
        Self::sign_in_at(&server.base, username).await
    }

    /// Signs in at an address.
    pub async fn sign_in_at(base: &str, username: &str) -> Self {
        let http = client();
        let answer = http
            .post(format!("{base}/api/v1/sessions"))
            .json(&json!({"username": username, "password": PASSWORD}))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status().as_u16(), 201, "{username} cannot sign in");
        let cookie = answer.headers()["set-cookie"]
            .to_str()
            .unwrap()
            .split(';')
            .next()
            .unwrap()
            .to_owned();
        Self {
            http,
            base: base.to_owned(),
            cookie,
        }
    }

    /// Someone with a cookie of their own making.
    pub fn with_cookie(server: &Server, cookie: &str) -> Self {
        Self {
            http: client(),
            base: server.base.clone(),
            cookie: cookie.to_owned(),
        }
    }

    /// A request; a connection that breaks is `None`.
    pub async fn try_send(&self, method: &str, path: &str, body: Option<&Value>, key: Option<&str>) -> Option<Answer> {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = self
            .http
            .request(method, format!("{}/api/v1{path}", self.base))
            .header("cookie", &self.cookie);
        if let Some(body) = body {
            request = request.json(body);
        }
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        answer_of(request.send().await.ok()?).await
    }

    /// Opens a stream of events.
    pub async fn open(&self, path: &str) -> reqwest::Response {
        self.http
            .get(format!("{}/api/v1{path}", self.base))
            .header("cookie", &self.cookie)
            .header("accept", "text/event-stream")
            .send()
            .await
            .unwrap()
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.try_send("GET", path, None, None).await.expect("the server answers")
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.try_send("POST", path, Some(&body), None).await.expect("the server answers")
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.try_send("PUT", path, Some(&body), None).await.expect("the server answers")
    }

    /// A write with an idempotency key.
    pub async fn post_once(&self, path: &str, body: Value, key: &str) -> Answer {
        self.try_send("POST", path, Some(&body), Some(key))
            .await
            .expect("the server answers")
    }

    /// A write as a page of another site would send it: the browser adds the cookie and these headers.
    pub async fn post_with_headers(&self, path: &str, body: Value, headers: &[(&str, &str)]) -> Answer {
        let mut request = self
            .http
            .post(format!("{}/api/v1{path}", self.base))
            .header("cookie", &self.cookie)
            .json(&body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        answer_of(request.send().await.unwrap()).await.unwrap()
    }

    /// A write outside /api/v1, as another organisation's process makes it.
    pub async fn post_raw(&self, path: &str, body: &Value) -> Answer {
        answer_of(self.http.post(format!("{}{path}", self.base)).json(body).send().await.unwrap())
            .await
            .unwrap()
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.try_send("DELETE", path, None, None).await.expect("the server answers")
    }

    /// Raw bytes of a GET.
    pub async fn bytes(&self, path: &str) -> Vec<u8> {
        let answer = self
            .http
            .get(format!("{}/api/v1{path}", self.base))
            .header("cookie", &self.cookie)
            .send()
            .await
            .unwrap();
        assert!(answer.status().is_success(), "GET {path}: {}", answer.status());
        answer.bytes().await.unwrap().to_vec()
    }

    /// A file upload, its multipart cover written by hand: the client's multipart feature is not compiled in.
    pub async fn upload(&self, path: &str, name: &str, file: &[u8]) -> Answer {
        let mut body = format!("--shebao\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n").into_bytes();
        body.extend_from_slice(file);
        body.extend_from_slice(b"\r\n--shebao--\r\n");
        let answer = self
            .http
            .post(format!("{}/api/v1{path}", self.base))
            .header("cookie", &self.cookie)
            .header("content-type", "multipart/form-data; boundary=shebao")
            .body(body)
            .send()
            .await
            .unwrap();
        answer_of(answer).await.unwrap()
    }

    /// Asks until `done` says so.
    pub async fn wait_for(&self, path: &str, what: &str, done: impl Fn(&Value) -> bool) -> Value {
        let start = Instant::now();
        loop {
            let body = self.get(path).await.ok();
            if done(&body) {
                return body;
            }
            assert!(start.elapsed() < Duration::from_secs(60), "{what} did not come: {body}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// The waiting case of a business about a person; waits until it arrives.
    pub async fn case_of(&self, business: &str, name: &str) -> Value {
        let path = format!("/cases?box=all&business={business}&limit=100");
        let waiting =
            |c: &&Value| c["subject"]["name"] == name && ["in_compliance", "in_review"].contains(&c["state"].as_str().unwrap_or_default());
        let of = |body: &Value| body["items"].as_array().unwrap().iter().find(waiting).cloned();
        let body = self
            .wait_for(&path, &format!("{business} of {name}"), |body| of(body).is_some())
            .await;
        of(&body).unwrap()
    }

    /// One act on a case, at the version just seen.
    pub async fn act(&self, case: &Value, act: &str, reasons: Value) -> Answer {
        let id = case["id"].as_str().unwrap();
        self.post(
            &format!("/cases/{id}/{act}"),
            json!({"version": case["version"], "opinion": null, "reasons": reasons}),
        )
        .await
    }
}

/// Writes a configuration file and returns its path.
pub fn write_config(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(format!("{name}.toml"));
    std::fs::write(&path, text).unwrap();
    path
}

/// Which database a story runs on.
#[derive(Clone, Copy)]
pub enum On {
    Sqlite,
    Postgres,
}

/// Data that nobody serves yet. Dropping it removes a PostgreSQL database.
pub struct Data {
    pub config: PathBuf,
    pub port: u16,
    _database: Option<store::testing::Database>,
}

impl Data {
    /// Empty data with `head` in its configuration.
    pub async fn empty(folder: &Path, on: On, head: &str) -> Self {
        let port = free_port();
        let (section, database) = match on {
            On::Sqlite => (String::new(), None),
            On::Postgres => {
                let config = store::testing::postgres_config(folder).await;
                let url = config.database_url.clone().unwrap();
                (format!("[database]\nurl = \"{url}\"\n"), store::testing::Database::of(&config))
            }
        };
        let text = format!("listen = \"127.0.0.1:{port}\"\ndata_dir = \"data\"\n{head}{section}");
        Self {
            config: write_config(folder, "shebao", &text),
            port,
            _database: database,
        }
    }

    /// The demo's data.
    pub async fn demo(folder: &Path, on: On, people: u32) -> Self {
        let data = Self::empty(folder, on, "").await;
        shebao(&[
            "demo",
            "--no-serve",
            "--people",
            &people.to_string(),
            "--staff",
            "0",
            "--config",
            data.config.to_str().unwrap(),
        ]);
        data
    }

    /// Serves it.
    pub async fn serve(&self) -> Server {
        Server::start(&self.config, self.port).await
    }
}

/// A made-up ID number of Wuhan, its check digit computed.
pub fn made_up_id(birth: standard::Date, order: u16) -> String {
    let region = standard::RegionCode::new(420_102).unwrap();
    standard::IdNumber::compose(region, birth, order).unwrap().reveal().to_owned()
}

/// Loads rows of relations into a region by the command line.
pub fn load_relations(config: &Path, region: &str, rows: &[String]) {
    let file = config.with_file_name(format!("relations-{region}.csv"));
    let head = "证件号码,姓名,险种,参保状态,起始年月,终止年月,月缴费基数,单位名称";
    std::fs::write(&file, format!("{head}\n{}\n", rows.join("\n"))).unwrap();
    shebao(&[
        "load-relations",
        "--quiet",
        "--region",
        region,
        file.to_str().unwrap(),
        "--config",
        config.to_str().unwrap(),
    ]);
}

/// The law files of this workspace in the folder `law` of another, for a test to change.
pub fn copy_law(folder: &Path) {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../law");
    for place in std::fs::read_dir(source).unwrap() {
        let place = place.unwrap();
        if !place.file_type().unwrap().is_dir() {
            continue;
        }
        let target = folder.join("law").join(place.file_name());
        std::fs::create_dir_all(&target).unwrap();
        for file in std::fs::read_dir(place.path()).unwrap() {
            let file = file.unwrap();
            std::fs::copy(file.path(), target.join(file.file_name())).unwrap();
        }
    }
}
