//! Normal forms of strs, whose lone surrogates stay what they are.

use ryokan_vm::native::*;
use unicode_normalization::{
    IsNormalized, UnicodeNormalization, is_nfc_quick, is_nfd_quick, is_nfkc_quick, is_nfkd_quick,
};

/// A normal form.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Composed.
    C,
    /// Composed, and what is only compatible is made equal.
    Kc,
    /// Decomposed.
    D,
    /// Decomposed, and what is only compatible is made equal.
    Kd,
}

/// Runs of characters between those that stay: nothing reaches over one of these.
struct Runs<'a, M> {
    text: Chars<'a>,
    at: usize,
    map: M,
}

impl<M: Fn(u32) -> Option<u32>> Runs<'_, M> {
    /// The next character of the run.
    fn next(&mut self) -> Option<char> {
        if self.at >= self.text.len() {
            return None;
        }
        let c = (self.map)(self.text.at(self.at)).and_then(char::from_u32)?;
        self.at += 1;
        Some(c)
    }
}

/// Whether a str is in a form.
pub fn is_normal(form: Form, text: &Str) -> bool {
    let chars = text.chars();
    let (mut runs, len) = (Runs { text: chars, at: 0, map: Some }, chars.len());
    loop {
        let from = runs.at;
        let run = std::iter::from_fn(|| runs.next());
        let quick = match form {
            Form::C => is_nfc_quick(run),
            Form::Kc => is_nfkc_quick(run),
            Form::D => is_nfd_quick(run),
            Form::Kd => is_nfkd_quick(run),
        };
        if quick == IsNormalized::No {
            return false;
        }
        // Where the answer was found early, the run ends at the next lone surrogate.
        let end = (from..len).find(|at| char::from_u32(chars.at(*at)).is_none()).unwrap_or(len);
        if quick == IsNormalized::Maybe {
            let run = || (from..end).filter_map(|at| char::from_u32(chars.at(at)));
            let same = match form {
                Form::C => run().nfc().eq(run()),
                Form::Kc => run().nfkc().eq(run()),
                Form::D => run().nfd().eq(run()),
                Form::Kd => run().nfkd().eq(run()),
            };
            if !same {
                return false;
            }
        }
        if end >= len {
            return true;
        }
        runs.at = end + 1;
    }
}

/// A str in a form. Characters that `map` gives nothing for stay.
pub fn normal(cx: &Cx, form: Form, text: &Str, map: impl Fn(u32) -> Option<u32>) -> Res {
    let mut out = StrWriter::new(cx);
    let mut runs = Runs { text: text.chars(), at: 0, map };
    loop {
        let run = std::iter::from_fn(|| runs.next());
        let mut add = |c: char| out.push_char(u32::from(c));
        match form {
            Form::C => run.nfc().try_for_each(&mut add)?,
            Form::Kc => run.nfkc().try_for_each(&mut add)?,
            Form::D => run.nfd().try_for_each(&mut add)?,
            Form::Kd => run.nfkd().try_for_each(&mut add)?,
        }
        if runs.at >= text.len() {
            return out.finish();
        }
        out.push_char(runs.text.at(runs.at))?;
        runs.at += 1;
    }
}
