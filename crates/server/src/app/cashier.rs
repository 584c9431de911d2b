//! The agencies' online cashier as an employer reaches it: one POST to the address an order names.

use async_trait::async_trait;
use employer::insurance::payment::{Begun, Gateway};
use reqwest::{Client, redirect::Policy};
use standard::{Finding, Refusal};
use std::time::Duration;

/// Longest wait for the cashier.
const PATIENCE: Duration = Duration::from_secs(15);
/// Largest answer read, bytes.
const ANSWER_MAX: usize = 64 << 10;

/// Speaks HTTP to the address the agency put on the order; follows no redirect.
pub struct Cashier;

#[async_trait]
impl Gateway for Cashier {
    async fn begin(&self, pay_url: &str) -> Result<Begun, Refusal> {
        let builder = || Client::builder().timeout(PATIENCE).redirect(Policy::none()).no_proxy();
        // A machine without root certificates can still speak plain HTTP to its neighbours.
        let client = builder().build().or_else(|_| builder().tls_certs_only([]).build());
        let client = client.map_err(|error| Refusal::internal(format!("http client: {error}")))?;
        let mut answer = client.post(pay_url).send().await.map_err(|error| silent(&error))?;
        let taken = answer.status().is_success();
        let mut bytes = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| silent(&error))? {
            if bytes.len() + chunk.len() > ANSWER_MAX {
                return Err(Refusal::internal("the cashier's answer is too large"));
            }
            bytes.extend_from_slice(&chunk);
        }
        if !taken {
            return Err(refused(&bytes));
        }
        serde_json::from_slice(&bytes).map_err(|error| Refusal::internal(format!("the cashier's answer: {error}")))
    }
}

fn silent(error: &reqwest::Error) -> Refusal {
    Refusal::unavailable(
        "gateway_unreachable",
        "缴费网关暂时无法连接",
        "the payment gateway cannot be reached now",
    )
    .remedy("请稍后重试，或下载银行缴费文件", "try again later, or pay by the bank file")
    .detail(error)
}

/// The cashier's own findings when it gives them.
fn refused(bytes: &[u8]) -> Refusal {
    let told: Option<Vec<Finding>> = serde_json::from_slice::<serde_json::Value>(bytes)
        .ok()
        .and_then(|problem| serde_json::from_value(problem["findings"].clone()).ok());
    match told {
        Some(findings) if !findings.is_empty() => Refusal::invalid_all(findings),
        _ => Refusal::conflict(
            "gateway_refused",
            "缴费网关没有受理该征集单",
            "the payment gateway did not take the order",
        )
        .remedy("请刷新征集单状态后重试", "reload the order and try again"),
    }
}
