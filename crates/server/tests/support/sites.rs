//! Employer, platform and three agencies as five processes: their folders, keys and configurations.

use super::{free_port, shebao, write_config};
use std::path::{Path, PathBuf};

/// The made-up employer.
pub const EMPLOYER: &str = "employer:01920000-0000-7000-8000-000000000001";
/// The nation's key of the directory.
pub const DIRECTORY_KEY: &str = "7d1c0a5e93b84f26a1e0c7d25b9f38467d1c0a5e93b84f26a1e0c7d25b9f3846";

/// One organisation a process.
pub struct Site {
    pub organisation: String,
    pub head: String,
    pub port: u16,
    pub folder: PathBuf,
}

/// The five sites, each with a free port and a folder of its own: employer, platform, and the agencies of three regions.
pub fn sites(root: &Path, agencies: [&str; 3]) -> Vec<Site> {
    let own = [
        (EMPLOYER.to_owned(), "role = \"employer\"\n".to_owned()),
        ("platform".to_owned(), "role = \"platform\"\n".to_owned()),
    ];
    let regions = agencies.map(|region| {
        let head = format!("role = \"agency\"\nregions = [\"{region}\"]\n");
        (format!("agency:{region}"), head)
    });
    own.into_iter()
        .chain(regions)
        .enumerate()
        .map(|(n, (organisation, head))| {
            let folder = root.join(format!("site{n}"));
            std::fs::create_dir_all(&folder).unwrap();
            Site {
                organisation,
                head,
                port: free_port(),
                folder,
            }
        })
        .collect()
}

/// Every site knows every key; only the platform's address is known to all, the others are reached through it.
pub fn configure(sites: &[Site]) -> Vec<PathBuf> {
    let bare: Vec<PathBuf> = sites
        .iter()
        .map(|s| {
            write_config(
                &s.folder,
                "bare",
                &format!("data_dir = \"data\"\n{}[keys]\ndirectory = \"{DIRECTORY_KEY}\"\n", s.head),
            )
        })
        .collect();
    let keys: Vec<String> = sites
        .iter()
        .zip(&bare)
        .map(|(s, c)| shebao(&["key", &s.organisation, "--config", c.to_str().unwrap()]).trim().to_owned())
        .collect();
    sites
        .iter()
        .map(|site| {
            let mut text = format!(
                "listen = \"127.0.0.1:{}\"\ndata_dir = \"data\"\n{}[keys]\ndirectory = \"{DIRECTORY_KEY}\"\n",
                site.port, site.head
            );
            for (peer, key) in sites.iter().zip(&keys).filter(|(p, _)| p.organisation != site.organisation) {
                text.push_str(&format!(
                    "[[peers]]\norganisation = \"{}\"\npublic_key = \"{key}\"\n",
                    peer.organisation
                ));
                if peer.organisation == "platform" || site.organisation == "platform" {
                    text.push_str(&format!("url = \"http://127.0.0.1:{}\"\n", peer.port));
                }
            }
            write_config(&site.folder, "shebao", &text)
        })
        .collect()
}
