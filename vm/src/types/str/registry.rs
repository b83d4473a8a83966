//! The codecs and error handlers that a program has registered: what `codecs.register` and `codecs.register_error` fill.
//!
//! A codec is looked for among the search functions, then in the package `encodings` (which registers one when it is imported), and at
//! last among those that are here (`codec.rs`), for where there is no library.

use super::codec::normal_name;
use crate::raised::{Raised, Res};
use crate::types::dict::Dict;
use crate::types::list::List;
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

/// The parts of the registry, in the order of its list.
#[derive(Clone, Copy)]
enum Part {
    /// The search functions: a list.
    Search,
    /// What was found by a name: a dict.
    Found,
    /// The error handlers by name: a dict.
    Handlers,
}

impl Vm {
    fn codec_registry(&self, part: Part) -> Res {
        if !self.codecs.has::<List>() {
            let (found, handlers) = (self.new_dict()?.into_value(), self.new_dict()?.into_value());
            let made = self.new_list(vec![self.new_list(Vec::new())?, found, handlers])?;
            self.codecs.set(made);
        }
        let known = self.codecs.get::<List>().and_then(|all| all.items().get(part as usize).cloned());
        known.ok_or_else(|| self.system_error("the registry of codecs has lost a part"))
    }

    /// Forgets what was registered: the interpreter ends. Runs Python where what was registered dies.
    pub fn forget_codecs(&self) {
        self.codecs.set(Value::NONE);
    }

    /// `codecs.register`. Runs no Python; `MemoryError`, and `TypeError` if it cannot be called.
    pub fn register_codec(&self, search: &Value) -> Res<()> {
        if self.slots(search).call().is_none() {
            return Err(self.type_error("argument must be callable"));
        }
        let all = self.codec_registry(Part::Search)?;
        all.get::<List>().map_or(Ok(()), |all| all.push(self, search.clone()))
    }

    /// `codecs.unregister`: what was found is forgotten, if the function was there. Runs Python where what is forgotten dies;
    /// `MemoryError`.
    pub fn unregister_codec(&self, search: &Value) -> Res<()> {
        let all = self.codec_registry(Part::Search)?;
        let Some(all) = all.get::<List>() else { return Ok(()) };
        if let Some(at) = all.items().iter().position(|known| known.is(search)) {
            drop(all.remove(at));
            if let Some(found) = self.codec_registry(Part::Found)?.get::<Dict>() {
                found.clear_all();
            }
        }
        Ok(())
    }

    /// `codecs.register_error`. Runs Python where the name is of a subclass of str (`__hash__`, `__eq__`), or an earlier handler dies
    /// by it; raises what that raises, `MemoryError`, and `TypeError` if it cannot be called.
    pub fn register_error_handler(&self, name: &Value, handler: &Value) -> Res<()> {
        if self.slots(handler).call().is_none() {
            return Err(self.type_error("handler must be callable"));
        }
        let all = self.codec_registry(Part::Handlers)?;
        all.get::<Dict>().map_or(Ok(()), |all| all.set_item(self, name, handler.clone()))
    }

    /// `_codecs._unregister_error`: whether there was one. Runs Python and raises as [`Vm::registered_error_handler`], and where the
    /// handler dies by it.
    pub fn unregister_error_handler(&self, name: &Value) -> Res<bool> {
        let all = self.codec_registry(Part::Handlers)?;
        let Some(all) = all.get::<Dict>() else { return Ok(false) };
        Ok(all.remove(self, name, self.hash(name)?)?.is_some())
    }

    /// The error handler that was registered under a name. Runs Python where the name is of a subclass of str (`__hash__`, `__eq__`);
    /// raises what that raises, and `MemoryError`.
    pub fn registered_error_handler(&self, name: &Value) -> Res<Option<Value>> {
        if !self.codecs.has::<List>() {
            return Ok(None);
        }
        match self.codec_registry(Part::Handlers)?.get::<Dict>() {
            Some(all) => all.get_item(self, name),
            None => Ok(None),
        }
    }

    /// `codecs.lookup`: a tuple of four, mostly a `codecs.CodecInfo`. Runs Python (search functions, the import of `encodings`); raises
    /// what that raises, `LookupError` if none knows it, `TypeError` if one gives something else, and `MemoryError`.
    pub fn lookup_codec(&self, encoding: &str) -> Res {
        self.room_for_bytes(encoding.len() as u128 * 3)?;
        let name = self.str(&normal_name(encoding))?;
        let found = self.codec_registry(Part::Found)?;
        if let Some(known) = found.get::<Dict>().map_or(Ok(None), |found| found.get_item(self, &name))? {
            return Ok(known);
        }
        self.import_encodings()?;
        let mut at = 0;
        let all = self.codec_registry(Part::Search)?;
        while let Some(search) = all.get::<List>().and_then(|all| all.items().get(at).cloned()) {
            at += 1;
            let info = self.call(&search, &[name.clone()])?;
            if info.is_none() {
                continue;
            }
            if info.get::<Tuple>().is_none_or(|parts| parts.items().len() != 4) {
                return Err(self.type_error("codec search functions must return 4-tuples"));
            }
            if let Some(found) = found.get::<Dict>() {
                found.set_item(self, &name, info.clone())?;
            }
            return Ok(info);
        }
        Err(self.unknown_encoding(encoding))
    }

    #[cold]
    pub(super) fn unknown_encoding(&self, encoding: &str) -> Raised {
        self.lookup_error(format_args!("unknown encoding: {encoding}"))
    }

    /// Imports the package whose search function knows the library's codecs, if there is one.
    fn import_encodings(&self) -> Res<()> {
        match self.import_name("encodings") {
            Ok(_) => Ok(()),
            Err(raised) if self.raised_is(&raised, &self.exc.ImportError) => {
                drop(self.take_raised(raised));
                Ok(())
            }
            Err(raised) => Err(raised),
        }
    }

    /// Calls the encoder (0) or decoder (1) of a codec, with `errors` if somebody has said what becomes of them; gives what it made. Runs Python; raises what the codec raises, `TypeError` if
    /// it gives no pair, and `MemoryError`.
    pub fn call_codec(&self, info: &Value, which: usize, object: &Value, errors: Option<&str>) -> Res {
        let function = info.get::<Tuple>().and_then(|parts| parts.items().get(which).cloned());
        let Some(function) = function else {
            return Err(self.type_error("codec search functions must return 4-tuples"));
        };
        let result = match errors {
            Some(errors) => self.call(&function, &[object.clone(), self.str(errors)?])?,
            None => self.call(&function, std::slice::from_ref(object))?,
        };
        match result.get::<Tuple>().map(Tuple::items) {
            Some([made, _]) => Ok(made.clone()),
            _ => {
                let who = if which == 0 { "encoder" } else { "decoder" };
                Err(self.type_error(format_args!("{who} must return a tuple (object, integer)")))
            }
        }
    }

    /// Notes on an exception on its way which codec has failed. Runs Python (`add_note`).
    #[cold]
    pub fn note_codec(&self, raised: Raised, way: &str, encoding: &str) -> Raised {
        let exception = self.take_raised(raised);
        let note = || -> Res<()> {
            self.room_for_bytes(encoding.len() as u128 * 2)?;
            let text = self.display(format_args!("{way} with '{encoding}' codec failed"))?;
            self.call_method(&exception, &self.intern("add_note")?, &[text]).map(drop)
        };
        if let Err(raised) = note() {
            drop(self.take_raised(raised));
        }
        self.thread.raised.set(exception);
        Raised(())
    }

    /// Asks a registered error handler: gives what stands for the part that could not be translated, and where to go on, as it says.
    pub(super) fn ask_error_handler(
        &self,
        name: &str,
        exception: &Value,
        encoding: bool,
    ) -> Res<(Value, i64)> {
        let key = self.str(name)?;
        let Some(handler) = self.registered_error_handler(&key)? else {
            return Err(self.lookup_error(format_args!("unknown error handler name '{name}'")));
        };
        let answer = self.call(&handler, &[exception.clone()])?;
        let wrong = || {
            self.type_error(if encoding {
                "encoding error handler must return (str/bytes, int) tuple"
            } else {
                "decoding error handler must return (str, int) tuple"
            })
        };
        let Some([instead, position]) = answer.get::<Tuple>().map(Tuple::items) else { return Err(wrong()) };
        let fits = instead.has::<Str>() || encoding && instead.has::<crate::types::bytes::Bytes>();
        if !fits {
            return Err(wrong());
        }
        Ok((instead.clone(), self.index_long(position)?))
    }

    /// Where an error handler says to go on, in so many characters or bytes.
    pub(super) fn place_of_handler(&self, given: i64, len: usize) -> Res<usize> {
        let at = if given < 0 { given.saturating_add(len as i64) } else { given };
        match usize::try_from(at) {
            Ok(at) if at <= len => Ok(at),
            _ => Err(self.index_error(format_args!("position {at} from error handler out of bounds"))),
        }
    }
}
