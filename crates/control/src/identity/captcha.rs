//! A small captcha drawn as SVG strokes: no image library, no text in the source of the picture.

use jiff::SignedDuration;
use serde::Serialize;
use sm3::{Digest, Sm3};
use standard::Refusal;
use store::{Db, Query, Tx, args};
use uuid::Uuid;

use crate::clock;

/// A captcha may be answered for this long.
const GOOD_FOR: SignedDuration = SignedDuration::from_mins(5);
const LENGTH: usize = 5;
const WIDTH: i32 = 180;
const HEIGHT: i32 = 60;

/// A captcha to show.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Captcha {
    /// Sent back with the answer.
    pub id: Uuid,
    /// The picture, an SVG document.
    pub svg: String,
}

/// Characters that are not mistaken for one another, each as strokes over a grid of 5 columns and 7 rows:
/// points "column row", strokes separated by `/`.
const GLYPHS: &[(char, &str)] = &[
    ('2', "01 10 30 41 42 06 46"),
    ('3', "01 10 30 41 42 33 23/33 44 45 36 16 05"),
    ('4', "36 30 04 44"),
    ('5', "40 00 03 33 44 45 36 06"),
    ('6', "40 20 02 05 16 36 45 44 33 03"),
    ('7', "00 40 16"),
    ('8', "10 30 41 42 33 13 02 01 10/13 04 05 16 36 45 44 33"),
    ('9', "06 26 44 41 30 10 01 02 13 43"),
    ('A', "06 20 46/14 34"),
    ('C', "41 30 10 01 05 16 36 45"),
    ('E', "40 00 06 46/03 33"),
    ('F', "40 00 06/03 33"),
    ('H', "00 06/40 46/03 43"),
    ('K', "00 06/40 03 46"),
    ('L', "00 06 46"),
    ('M', "06 00 23 40 46"),
    ('N', "06 00 46 40"),
    ('P', "06 00 30 41 42 33 03"),
    ('R', "06 00 30 41 42 33 03/23 46"),
    ('T', "00 40/20 26"),
    ('U', "00 05 16 36 45 40"),
    ('W', "00 16 23 36 40"),
    ('X', "00 46/40 06"),
    ('Y', "00 23 40/23 26"),
];

/// Random bytes, drawn once for one picture.
struct Dice {
    bytes: Vec<u8>,
    next: usize,
}

impl Dice {
    fn new() -> Result<Self, Refusal> {
        let mut bytes = vec![0; 1024];
        getrandom::fill(&mut bytes).map_err(Refusal::internal)?;
        Ok(Self { bytes, next: 0 })
    }

    /// A number from 0 to `below - 1`; `below` at most 256.
    fn roll(&mut self, below: i32) -> i32 {
        let byte = self.bytes[self.next % self.bytes.len()];
        self.next += 1;
        i32::from(byte) * below / 256
    }

    /// A number from `-spread` to `spread`.
    fn around(&mut self, spread: i32) -> i32 {
        self.roll(2 * spread + 1) - spread
    }
}

/// A new captcha, good for five minutes and one answer.
pub async fn new_captcha(db: &Db) -> Result<Captcha, Refusal> {
    let mut dice = Dice::new()?;
    let glyphs: Vec<(char, &str)> = (0..LENGTH)
        .map(|_| GLYPHS[usize::try_from(dice.roll(GLYPHS.len() as i32)).unwrap_or(0)])
        .collect();
    let answer: String = glyphs.iter().map(|(c, _)| *c).collect();
    let svg = draw(&mut dice, &glyphs);
    Ok(Captcha {
        id: plant(db, &answer).await?,
        svg,
    })
}

/// Keeps the answer of a new captcha, and forgets those nobody answered.
pub(super) async fn plant(db: &Db, answer: &str) -> Result<Uuid, Refusal> {
    let id = Uuid::now_v7();
    let now = clock::now();
    let mut tx = db.begin().await?;
    tx.execute("DELETE FROM control_captcha WHERE expires_at < $1", args![now]).await?;
    tx.execute(
        "INSERT INTO control_captcha (id, answer_hash, expires_at) VALUES ($1, $2, $3)",
        args![id, hash(id, answer), now + GOOD_FOR],
    )
    .await?;
    tx.commit().await?;
    Ok(id)
}

/// Whether `answer` is right for the captcha; it is used up in any case.
pub(super) async fn redeem(tx: &mut Tx, id: Uuid, answer: &str) -> Result<bool, Refusal> {
    let row = tx
        .optional(
            "DELETE FROM control_captcha WHERE id = $1 AND expires_at >= $2 RETURNING answer_hash",
            args![id, clock::now()],
        )
        .await?;
    let Some(row) = row else { return Ok(false) };
    let expected: [u8; 32] = row.get("answer_hash")?;
    // Comparing hashes tells an observer of time nothing about the answer.
    Ok(answer.len() <= 32 && expected == hash(id, answer))
}

fn hash(id: Uuid, answer: &str) -> [u8; 32] {
    let mut hasher = Sm3::new();
    hasher.update(id.as_bytes());
    hasher.update(answer.trim().to_uppercase().as_bytes());
    hasher.finalize().into()
}

/// Strokes in random order, each point and slope shaken, with lines across.
fn draw(dice: &mut Dice, glyphs: &[(char, &str)]) -> String {
    let mut paths = Vec::new();
    for (place, (_, strokes)) in glyphs.iter().enumerate() {
        let left = 14 + i32::try_from(place).unwrap_or(0) * 32 + dice.around(3);
        let top = 12 + dice.around(5);
        let slope = dice.around(6);
        for stroke in strokes.split('/') {
            let points: Vec<(i32, i32)> = stroke
                .split(' ')
                .filter_map(|point| {
                    let mut digits = point.chars().filter_map(|c| c.to_digit(10)).map(|digit| digit as i32);
                    let (column, row) = (digits.next()?, digits.next()?);
                    let x = left + column * 5 + (3 - row) * slope / 3 + dice.around(1);
                    Some((x, top + row * 5 + dice.around(1)))
                })
                .collect();
            paths.push(path(&points, 3));
        }
    }
    for _ in 0..4 {
        let points = [
            (0, dice.roll(HEIGHT)),
            (60, dice.roll(HEIGHT)),
            (120, dice.roll(HEIGHT)),
            (WIDTH, dice.roll(HEIGHT)),
        ];
        paths.push(path(&points, 1));
    }
    for last in (1..paths.len()).rev() {
        let other = usize::try_from(dice.roll(i32::try_from(last + 1).unwrap_or(1))).unwrap_or(0);
        paths.swap(last, other);
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{HEIGHT}\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"验证码 captcha\"><rect width=\"100%\" height=\"100%\" fill=\"#f5f7fa\"/><g fill=\"none\" stroke=\"#1f3a5f\" stroke-linecap=\"round\" stroke-linejoin=\"round\">{}</g></svg>",
        paths.concat()
    )
}

fn path(points: &[(i32, i32)], width: i32) -> String {
    let points: Vec<String> = points.iter().map(|(x, y)| format!("{x},{y}")).collect();
    format!("<polyline stroke-width=\"{width}\" points=\"{}\"/>", points.join(" "))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_glyph_is_drawn_and_none_is_written() {
        let mut dice = Dice::new().unwrap();
        for glyph in GLYPHS {
            let svg = draw(&mut dice, &[*glyph; LENGTH]);
            let strokes = glyph.1.split('/').count();
            assert_eq!(svg.matches("<polyline").count(), LENGTH * strokes + 4, "{}", glyph.0);
            assert!(!svg.contains("<text"), "{}", glyph.0);
        }
    }

    #[test]
    fn glyphs_have_points_on_the_grid() {
        for (name, strokes) in GLYPHS {
            for point in strokes.split(['/', ' ']) {
                let digits: Vec<u32> = point.chars().map(|c| c.to_digit(10).unwrap()).collect();
                assert!(digits.len() == 2 && digits[0] <= 4 && digits[1] <= 6, "{name}: {point}");
            }
        }
    }
}
