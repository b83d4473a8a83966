//! "Did you mean": the closest of some names, by an edit distance that counts a change of case as half.

/// Cost of a change.
const MOVE: usize = 2;
/// Names with more letters are not compared.
const LONGEST: usize = 40;
/// How many candidates are too many.
pub const MOST_CANDIDATES: usize = 750;
/// Cost of a change of case.
const CASE: usize = 1;

fn cost(a: char, b: char) -> usize {
    if a == b {
        0
    } else if a.to_lowercase().eq(b.to_lowercase()) {
        CASE
    } else {
        MOVE
    }
}

/// The distance between two names, or more than `most` if it exceeds that.
fn distance(a: &[char], b: &[char], most: usize) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).map(|i| i * MOVE).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = (i + 1) * MOVE;
        let mut least = row[0];
        for (j, y) in b.iter().enumerate() {
            let change = diagonal + cost(*x, *y);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + MOVE).min(diagonal + MOVE);
            least = least.min(row[j + 1]);
        }
        if least > most {
            return most + 1;
        }
    }
    row[b.len()]
}

/// The candidate closest to `name`, if one is close: no more than a third of the letters differ.
pub fn closest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let letters: Vec<char> = name.chars().take(LONGEST + 1).collect();
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates.take(MOST_CANDIDATES) {
        if candidate == name {
            continue;
        }
        let other: Vec<char> = candidate.chars().take(LONGEST + 1).collect();
        if other.len() > LONGEST || letters.len() > LONGEST {
            continue;
        }
        let most = (letters.len() + other.len() + 3) * MOVE / 6;
        let most = best.map_or(most, |(d, _)| most.min(d.saturating_sub(1)));
        let found = distance(&letters, &other, most);
        if found <= most {
            best = Some((found, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}
