//! `_suggestions`: the closest of some names, as `traceback` asks for it.

use crate::native::*;

crate::native_module! {
    /// What somebody may have meant who has misspelled a name.
    "_suggestions" {
        functions {
            /// The candidate that is closest to a name, or None if none is close.
            _generate_suggestions(candidates: &Value, item: &Value, /) = generate;
        }
    }
}

fn generate(cx: &Cx, candidates: &Value, item: &Value) -> Res {
    let Some(candidates) = List::of(candidates) else {
        return Err(cx.type_error("candidates must be a list"));
    };
    if !cx.is_str(item) {
        let kind = cx.type_name(item);
        return Err(cx.type_error(format_args!("_generate_suggestions() argument 2 must be str, not {kind}")));
    }
    let name = cx.vm().text(item);
    let mut texts = Vec::new();
    for at in 0..candidates.len() {
        let Some(candidate) = candidates.get(at) else { break };
        if !cx.is_str(&candidate) {
            return Err(cx.type_error("all elements in 'candidates' must be strings"));
        }
        texts.push(cx.vm().text(&candidate));
    }
    if texts.len() >= crate::suggest::MOST_CANDIDATES {
        return Ok(Value::NONE);
    }
    match crate::suggest::closest(&name, texts.iter().map(|text| text.as_str())) {
        Some(found) => cx.vm().str(found),
        None => Ok(Value::NONE),
    }
}
