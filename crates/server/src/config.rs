//! What one process of shebao is told at its start: where its data lies, which organisations it serves, whom it knows.

use serde::Deserialize;
use standard::{Finding, Organisation, Refusal, RegionCode};
use std::path::{Path, PathBuf};

/// The organisations a process serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum ServeRole {
    /// Employers, the platform and every agency in one process.
    All,
    /// Employers only.
    Employer,
    /// The national platform only.
    Platform,
    /// The agencies named in `regions`.
    Agency,
    /// The local payment gateway only.
    Gateway,
}

/// Another organisation's process: how to reach it and how to know its signature.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Peer {
    /// Who it is, as `agency:430100`, `platform` or `employer:<uuid>`.
    pub organisation: Organisation,
    /// Base address; without one, messages go through the platform.
    pub url: Option<String>,
    /// SM2 public key, hexadecimal, as `shebao key` prints it.
    pub public_key: String,
}

/// `[database]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DatabaseSection {
    /// `postgres://…`; without it the embedded SQLite database in the data folder is used.
    pub url: Option<String>,
}

/// `[keys]`: both may instead lie in the data folder, where the first start makes them.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct KeySection {
    /// 32 bytes, hexadecimal: encrypts what identifies a person in this process's database.
    pub master: Option<String>,
    /// 32 bytes, hexadecimal: the national hash key, equal in every organisation.
    pub directory: Option<String>,
}

/// `[gateway]`: where online payments go. A process that serves all has its own gateway and needs none of it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GatewaySection {
    /// Base address of the gateway.
    pub url: Option<String>,
    /// Its SM2 public key, hexadecimal, as `shebao key gateway` prints it.
    pub public_key: Option<String>,
    /// Base address under which the gateway reaches this process, when it is not the public one.
    pub callback_base: Option<String>,
}

/// The whole configuration file.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Folder of the embedded database, keys and documents.
    pub data_dir: PathBuf,
    /// Address to listen on.
    pub listen: String,
    /// Address on which the process tells its figures (`/metrics`, for Prometheus), best one only the operator reaches; absent, it does not.
    pub metrics_listen: Option<String>,
    /// Address people reach the server by; printed in the QR codes of documents.
    pub public_url: Option<String>,
    /// What this process serves.
    pub role: ServeRole,
    /// Regions of an agency process.
    pub regions: Vec<RegionCode>,
    /// Milliseconds the nationwide query waits for the regions.
    pub query_deadline_ms: u64,
    /// `[database]`.
    pub database: DatabaseSection,
    /// `[keys]`.
    pub keys: KeySection,
    /// `[gateway]`.
    pub gateway: GatewaySection,
    /// `[[peers]]`.
    pub peers: Vec<Peer>,
    /// Addresses of reverse proxies whose `x-forwarded-for` is believed; nobody else's is.
    pub trusted_proxies: Vec<std::net::IpAddr>,
    /// Further folders with fonts for documents.
    pub font_dirs: Vec<PathBuf>,
    /// Folder of the law in force instead of the built-in one.
    pub law_dir: Option<PathBuf>,
    /// People a run over a region assesses in one transaction; smaller lets other work of the region in more often.
    pub assessment_piece: i64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data_dir: PathBuf::from("data"),
            listen: "127.0.0.1:8080".into(),
            metrics_listen: None,
            public_url: None,
            role: ServeRole::All,
            regions: Vec::new(),
            query_deadline_ms: 800,
            database: DatabaseSection::default(),
            keys: KeySection::default(),
            gateway: GatewaySection::default(),
            peers: Vec::new(),
            trusted_proxies: Vec::new(),
            font_dirs: Vec::new(),
            law_dir: None,
            assessment_piece: agency::assessment::run::PIECE,
        }
    }
}

impl Config {
    /// Reads a configuration file. Relative paths in it are relative to the file.
    ///
    /// # Errors
    /// `config_unreadable` when the file is missing or is not such a file.
    pub fn read(path: &Path) -> Result<Self, Refusal> {
        let refuse = |detail: String| {
            Refusal::invalid(
                Finding::blocking(
                    "config_unreadable",
                    format!("配置文件 {} 无法读取：{detail}", path.display()),
                    format!("configuration file {} cannot be read: {detail}", path.display()),
                )
                .remedy(
                    "请检查文件路径和内容，字段说明见 README",
                    "check the path and the keys, see the README",
                ),
            )
        };
        let text = std::fs::read_to_string(path).map_err(|e| refuse(e.to_string()))?;
        let mut config: Self = toml::from_str(&text).map_err(|e| refuse(e.to_string()))?;
        if let Some(folder) = path.parent() {
            config.data_dir = folder.join(&config.data_dir);
            config.law_dir = config.law_dir.map(|dir| folder.join(dir));
        }
        config.check()?;
        Ok(config)
    }

    /// Refuses a combination that cannot be served.
    pub fn check(&self) -> Result<(), Refusal> {
        if self.role == ServeRole::Agency && self.regions.is_empty() {
            return Err(Refusal::invalid(
                Finding::blocking(
                    "config_region_missing",
                    "经办机构进程必须写明统筹区 regions",
                    "an agency process must name its regions",
                )
                .remedy(
                    "在配置中写 regions = [\"430100\"]，或用 --region 430100",
                    "write regions = [\"430100\"] or pass --region 430100",
                ),
            ));
        }
        if !(1..=1_000_000).contains(&self.assessment_piece) {
            return Err(Refusal::invalid(
                Finding::blocking(
                    "config_piece_out_of_range",
                    "批量核定的每批人数 assessment_piece 应为 1 至 1000000",
                    "assessment_piece is 1 to 1,000,000 people",
                )
                .remedy("请更正配置，或删去该项使用默认值", "correct it, or leave it out for the default"),
            ));
        }
        Ok(())
    }

    /// The regions whose agencies this process is.
    pub fn hosted_regions(&self) -> Vec<RegionCode> {
        match self.role {
            ServeRole::All => RegionCode::pilot().to_vec(),
            ServeRole::Agency => self.regions.clone(),
            ServeRole::Employer | ServeRole::Platform | ServeRole::Gateway => Vec::new(),
        }
    }

    /// Whether messages to `organisation` are handled in this process.
    pub fn hosts(&self, organisation: &Organisation) -> bool {
        match organisation {
            Organisation::Employer(_) => matches!(self.role, ServeRole::All | ServeRole::Employer),
            Organisation::Platform => matches!(self.role, ServeRole::All | ServeRole::Platform),
            Organisation::Agency(region) => self.hosted_regions().contains(region),
        }
    }

    /// Whether this process is the local payment gateway (too).
    pub fn serves_gateway(&self) -> bool {
        matches!(self.role, ServeRole::Gateway) || (self.role == ServeRole::All && self.gateway.url.is_none())
    }

    /// Whether the agencies here can ask a gateway to collect.
    pub fn has_gateway(&self) -> bool {
        let elsewhere = self.gateway.url.is_some() && self.gateway.public_key.is_some();
        elsewhere || (self.role == ServeRole::All && self.gateway.url.is_none())
    }

    /// Where the gateway tells the agencies here that something was paid.
    pub fn callback_url(&self) -> String {
        let base = self.gateway.callback_base.clone().unwrap_or_else(|| self.public_url());
        format!("{}/api/v1/collection/callbacks/gateway", base.trim_end_matches('/'))
    }

    /// Where the store finds its database and keys.
    pub fn store(&self) -> store::StoreConfig {
        store::StoreConfig {
            data_dir: self.data_dir.clone(),
            database_url: self.database.url.clone(),
            connections: None,
            master_key: self.keys.master.clone(),
            directory_key: self.keys.directory.clone(),
        }
    }

    /// What stands before the verify code in the QR codes of documents.
    pub fn verify_base(&self) -> String {
        format!("{}/verify", self.public_url().trim_end_matches('/'))
    }

    /// The address printed in documents.
    pub fn public_url(&self) -> String {
        self.public_url.clone().unwrap_or_else(|| format!("http://{}", self.listen))
    }
}
