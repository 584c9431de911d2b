//! Which punch belongs to which day. A shift that crosses midnight takes the punches of the next morning.

use super::plan::Plan;
use super::time::midnight;

/// How long after midnight a punch still belongs to the evening before, and how long before and after set hours
/// punches are looked for, in minutes.
const REACH: i64 = 240;
/// How long before set hours on the next day a day of rest ends, in minutes.
const BEFORE: i64 = 120;

/// A minute between two days: earlier punches belong to the first, it and later ones to the second.
fn cut(day: &Plan<'_>, next: &Plan<'_>) -> i64 {
    let dawn = midnight(next.date) + REACH;
    let (end, start) = (day.frame().to, next.frame().from);
    match (day.has_hours(), next.has_hours()) {
        // Between distant hours the night belongs to the evening before: overtime may last past midnight.
        (true, true) => end.midpoint(start).max(start - REACH),
        (true, false) => dawn.max(end + REACH),
        (false, true) => dawn.min(start - BEFORE),
        (false, false) => dawn,
    }
}

/// Splits sorted punches among consecutive days. Punches before the first and after the last cut belong to the
/// outer days, so give one day more on each side than is asked about.
pub fn split<'p>(plans: &[Plan<'_>], punches: &'p [i64]) -> Vec<&'p [i64]> {
    let mut rest = punches;
    let mut parts = Vec::with_capacity(plans.len());
    for pair in plans.windows(2) {
        let at = cut(&pair[0], &pair[1]);
        let (mine, later) = rest.split_at(rest.partition_point(|punch| *punch < at));
        parts.push(mine);
        rest = later;
    }
    if !plans.is_empty() {
        parts.push(rest);
    }
    parts
}

/// Two punches within a minute are one.
pub fn distinct(punches: &[i64]) -> Vec<i64> {
    let mut kept: Vec<i64> = Vec::with_capacity(punches.len());
    for punch in punches {
        if kept.last().is_none_or(|last| punch - last > 1) {
            kept.push(*punch);
        }
    }
    kept
}
