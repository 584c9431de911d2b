//! The page the payer sees: the order, the amount, pay or cancel. Plain HTML, no script, usable on a phone.

use super::service::Payment;
use control::clock::now;

const STYLE: &str = "body{margin:0;background:#f2f4f7;color:#1f2329;font:16px/1.6 system-ui,-apple-system,'PingFang SC','Microsoft YaHei',sans-serif}\
main{max-width:30rem;margin:0 auto;padding:1.5rem 1rem 3rem}h1{font-size:1.15rem;margin:0 0 1rem}\
section{background:#fff;border-radius:12px;padding:1.25rem;box-shadow:0 1px 3px rgba(0,0,0,.08)}\
.sum{font-size:2.1rem;font-weight:600;margin:.25rem 0 1rem}dl{display:grid;grid-template-columns:6.5rem 1fr;gap:.5rem .75rem;margin:0;font-size:.95rem}\
dt{color:#646a73}dd{margin:0;overflow-wrap:anywhere}form{margin-top:1rem}\
button{width:100%;min-height:3rem;border-radius:8px;border:1px solid #d0d3d6;background:#fff;font:inherit;cursor:pointer}\
button:focus-visible{outline:3px solid #91c0ff;outline-offset:2px}\
.pay{background:#1456f0;border-color:#1456f0;color:#fff;font-weight:600}p.note{color:#646a73;font-size:.875rem;margin:1rem 0 0}\
.state{display:inline-block;padding:.1rem .7rem;border-radius:1rem;font-size:.875rem}.paid{background:#d9f5e3;color:#0b6b33}.closed{background:#eceef0;color:#51565d}";

/// The page of a payment.
pub fn page(payment: &Payment) -> String {
    let expired = payment.state == "created" && payment.expires_at < now();
    let (head, acts) = match payment.state.as_str() {
        "paid" => (
            "<span class=\"state paid\">支付成功 Paid</span>".to_owned(),
            "<p class=\"note\">款项已付，征收机构入账后会发送缴费回执。可以关闭本页。<br>Paid. The agency sends the receipt once it is posted; you may close this page.</p>".to_owned(),
        ),
        "cancelled" => closed("已取消 Cancelled"),
        _ if expired => closed("已过期 Expired"),
        _ => (
            "<span class=\"state closed\">待支付 To be paid</span>".to_owned(),
            format!(
                "{}{}<p class=\"note\">本地演示网关，不发生真实资金划转。请核对收款方和金额后支付。<br>Local gateway: no real money moves. Check payee and amount before paying.</p>",
                button(payment, "pay", "支付 Pay", "pay"),
                button(payment, "cancel", "取消 Cancel", "")
            ),
        ),
    };
    let principal = payment.amount.fen() - payment.late_fee.fen();
    let late_fee = if payment.late_fee.is_zero() {
        String::new()
    } else {
        format!(
            "<dt>社会保险费</dt><dd>¥{}</dd><dt>滞纳金</dt><dd>¥{}</dd>",
            standard::Money::from_fen(principal).to_yuan(),
            payment.late_fee.to_yuan()
        )
    };
    let serial = payment
        .serial
        .as_deref()
        .map(|serial| format!("<dt>流水号</dt><dd>{}</dd>", escaped(serial)))
        .unwrap_or_default();
    document(
        "社会保险费网上缴费",
        &format!(
            "<section>{head}<div class=\"sum\">¥{}</div><dl><dt>收款方</dt><dd>{}</dd><dt>缴费单位</dt><dd>{}</dd><dt>征集单号</dt><dd>{}</dd><dt>用途</dt><dd>{}</dd>{late_fee}{serial}</dl>{acts}</section>",
            payment.amount.to_yuan(),
            escaped(&payment.payee_name),
            escaped(&payment.payer_name),
            escaped(&payment.order_number),
            escaped(&payment.subject),
        ),
    )
}

/// A page that only says why there is nothing to pay.
pub fn refused(said: &str) -> String {
    document(
        "社会保险费网上缴费",
        &format!("<section><p role=\"alert\">{}</p></section>", escaped(said)),
    )
}

fn closed(word: &str) -> (String, String) {
    (
        format!("<span class=\"state closed\">{word}</span>"),
        "<p class=\"note\">如仍需缴费，请从征集单重新发起。<br>To pay after all, start again from the order.</p>".to_owned(),
    )
}

fn button(payment: &Payment, act: &str, word: &str, class: &str) -> String {
    format!(
        "<form method=\"post\" action=\"/gateway/pay/{}/{}/{act}\"><button class=\"{class}\" type=\"submit\">{word}</button></form>",
        payment.region, payment.payment_id
    )
}

fn document(title: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>{title}</title><style>{STYLE}</style></head><body><main><h1>{title}</h1>{body}</main></body></html>"
    )
}

/// Text that stands in a page as it is.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn a_name_cannot_be_markup() {
        assert_eq!(escaped("<b onclick='x'>\"&"), "&lt;b onclick=&#39;x&#39;&gt;&quot;&amp;");
    }
}
