//! Objects into the form in which they cross.
//!
//! An object is *shareable* if its class is one of those listed in [`is_shareable`], exactly; where a fallback is asked for, functions that need
//! nothing but builtins cross as their code, and all else as `pickle` has it.

use ryokan_vm::native::*;

use super::channels::{is_channel, pack_channel};
use super::load::{Crossing, Letters, Load, ViewOf};
use super::primitives::NOT_SHAREABLE;
use super::queues::{is_queue, pack_queue};

/// What becomes of an object that is not shareable.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Fallback {
    /// It is refused.
    Refuse,
    /// It crosses as a function or by `pickle`, if it can.
    Any,
}

impl Fallback {
    /// What a number means that `fallback_of` has looked at.
    pub fn of(number: i32) -> Fallback {
        if number == 0 { Fallback::Refuse } else { Fallback::Any }
    }
}

/// Whether objects of its class cross by themselves.
pub fn is_shareable(cx: &Cx, value: &Value) -> Res<bool> {
    Ok(match cx.plain(value) {
        Plain::None
        | Plain::Bool(_)
        | Plain::Int
        | Plain::Float
        | Plain::Str
        | Plain::Bytes
        | Plain::Tuple => true,
        Plain::Other => cx.is_memoryview(value) || is_queue(cx, value)? || is_channel(cx, value)?,
        _ => false,
    })
}

/// An object on its way. Runs Python where it is pickled; `NotShareableError`, and what the fallbacks raise.
pub fn pack(cx: &Cx, value: &Value, fallback: Fallback) -> Res<Load> {
    let mut packer = Packer::new(cx);
    packer.item(value, fallback)?;
    Ok(packer.finish())
}

/// The same of a function, which need not be one of Python's.
pub fn pack_callable(cx: &Cx, callable: &Value) -> Res<Load> {
    let mut packer = Packer::new(cx);
    match packer.function(callable) {
        Ok(()) => {}
        Err(raised) if is_grave(cx, &raised) => return Err(raised),
        Err(raised) => packer.pickle_or(callable, cx.take_raised(raised))?,
    }
    Ok(packer.finish())
}

/// Texts on their way, of which some may be None: what is told of an end. Short ones cost nothing, so that it can be told where memory or time
/// is over; None takes the place of what there is no memory for.
pub fn pack_texts(cx: &Cx, texts: &[Value]) -> Load {
    let mut packer = Packer::new(cx);
    let mut free = FREE_TEXTS;
    packer.items.push(Crossing::Tuple(texts.len()));
    for text in texts {
        let letters = Str::of(text).map(|text| packer.free_letters(&text, &mut free));
        packer.items.push(match letters {
            Some(Ok(letters)) => Crossing::Str(letters),
            Some(Err(raised)) => {
                drop(cx.take_raised(raised));
                Crossing::None
            }
            None => Crossing::None,
        });
    }
    packer.finish()
}

/// Names and values on their way: a tuple of each name and its value. Runs no Python; `NotShareableError`, and `TypeError` and
/// `UnicodeEncodeError` for what is no name that the system could write.
pub fn pack_names(cx: &Cx, names: &Dict) -> Res<Load> {
    let mut packer = Packer::new(cx);
    packer.push(Crossing::Tuple(0))?;
    let (mut at, mut count) = (0, 0);
    while let Some((next, name, value)) = names.next_item(at) {
        at = next;
        if !cx.is_str(&name) {
            return Err(cx.type_error("bad argument type for built-in operation"));
        }
        // A name crosses as the system writes it.
        drop(cx.utf8(&name)?);
        packer.item(&name, Fallback::Refuse)?;
        packer.item(&value, Fallback::Refuse)?;
        count += 2;
    }
    packer.items[0] = Crossing::Tuple(count);
    Ok(packer.finish())
}

/// Bytes on their way: as code, say.
pub fn pack_bytes(cx: &Cx, bytes: &[u8]) -> Res<Load> {
    let mut packer = Packer::new(cx);
    let copy = packer.copy(bytes)?;
    packer.push(Crossing::Bytes(copy))?;
    Ok(packer.finish())
}

/// A view of any buffer on its way.
pub fn pack_buffer(cx: &Cx, object: &Value) -> Res<Load> {
    let view = cx.call(&cx.builtin("memoryview")?, (object,))?;
    pack(cx, &view, Fallback::Refuse)
}

/// Bytes of texts that are not charged: they cross at once.
const FREE_TEXTS: usize = 16 << 10;

struct Packer<'a> {
    cx: &'a Cx,
    items: Vec<Crossing>,
    aside: Option<SetAside>,
}

impl<'a> Packer<'a> {
    fn new(cx: &'a Cx) -> Packer<'a> {
        Packer { cx, items: Vec::new(), aside: None }
    }
    fn finish(self) -> Load {
        Load { items: self.items, _aside: self.aside }
    }
    fn push(&mut self, item: Crossing) -> Res<()> {
        // (As much as the list may take that grows.)
        self.room(2 * size_of::<Crossing>())?;
        self.items.try_reserve(1).map_err(|_| self.cx.no_memory())?;
        self.items.push(item);
        Ok(())
    }
    /// Charges bytes.
    fn room(&mut self, bytes: usize) -> Res<()> {
        if bytes == 0 {
            return Ok(());
        }
        let more = self.cx.set_aside(bytes)?;
        match &mut self.aside {
            Some(aside) => aside.add(more),
            None => self.aside = Some(more),
        }
        Ok(())
    }
    fn copy<T: Copy>(&mut self, items: &[T]) -> Res<Box<[T]>> {
        self.room(size_of_val(items))?;
        let mut copy = Vec::new();
        copy.try_reserve_exact(items.len()).map_err(|_| self.cx.no_memory())?;
        copy.extend_from_slice(items);
        Ok(copy.into_boxed_slice())
    }

    fn item(&mut self, value: &Value, fallback: Fallback) -> Res<()> {
        self.cx.check_stack()?;
        self.cx.work(1)?;
        let before = self.items.len();
        let refused = match self.plain(value, fallback) {
            Ok(true) => return Ok(()),
            Ok(false) => not_shareable(self.cx, value),
            Err(raised) => because(self.cx, value, raised),
        };
        // (A tuple may have got some way.)
        self.items.truncate(before);
        if fallback == Fallback::Refuse || is_grave(self.cx, &refused) {
            return Err(refused);
        }
        let first = self.cx.take_raised(refused);
        if self.cx.is_function(value) {
            match self.function(value) {
                Ok(()) => return Ok(()),
                Err(raised) => drop(self.cx.take_raised(raised)),
            }
        }
        self.pickle_or(value, first)
    }

    /// What crosses by itself; whether it does.
    fn plain(&mut self, value: &Value, fallback: Fallback) -> Res<bool> {
        let cx = self.cx;
        let item = match cx.plain(value) {
            Plain::None => Crossing::None,
            Plain::Bool(truth) => Crossing::Bool(truth),
            Plain::Int => match Int::of(value).and_then(|int| int.small()) {
                Some(small) => Crossing::Int(small),
                None => return Err(cx.overflow_error("try sending as bytes")),
            },
            Plain::Float => Crossing::Float(cx.float(value)?),
            Plain::Str => match Str::of(value) {
                Some(text) => Crossing::Str(self.letters(&text)?),
                None => return Ok(false),
            },
            Plain::Bytes => match Bytes::of(value) {
                Some(bytes) => Crossing::Bytes(self.copy(bytes.as_slice())?),
                None => return Ok(false),
            },
            Plain::Tuple => match Tuple::of(value) {
                Some(items) => {
                    self.push(Crossing::Tuple(items.len()))?;
                    for item in items.as_slice() {
                        self.item(item, fallback)?;
                    }
                    return Ok(true);
                }
                None => return Ok(false),
            },
            Plain::Other if cx.is_memoryview(value) => self.view(value)?,
            Plain::Other if is_queue(cx, value)? => pack_queue(cx, value)?,
            Plain::Other if is_channel(cx, value)? => pack_channel(cx, value)?,
            _ => return Ok(false),
        };
        self.push(item)?;
        Ok(true)
    }

    fn letters(&mut self, text: &Str) -> Res<Letters> {
        self.cx.work_on_bytes(text.len())?;
        Ok(match text.chars() {
            Chars::One(letters) => Letters::One(self.copy(letters)?),
            Chars::Two(letters) => Letters::Two(self.copy(letters)?),
            Chars::Four(letters) => Letters::Four(self.copy(letters)?),
        })
    }

    /// The same without paying for it, as long as there is room in `free`.
    fn free_letters(&mut self, text: &Str, free: &mut usize) -> Res<Letters> {
        let bytes = match text.chars() {
            Chars::One(letters) => size_of_val(letters),
            Chars::Two(letters) => size_of_val(letters),
            Chars::Four(letters) => size_of_val(letters),
        };
        if bytes > *free {
            return self.letters(text);
        }
        *free -= bytes;
        Ok(match text.chars() {
            Chars::One(letters) => Letters::One(letters.into()),
            Chars::Two(letters) => Letters::Two(letters.into()),
            Chars::Four(letters) => Letters::Four(letters.into()),
        })
    }

    fn view(&mut self, value: &Value) -> Res<Crossing> {
        let cx = self.cx;
        let bytes = cx.call_method(value, "tobytes", ())?;
        let format = cx.str(&cx.attr(value, "format")?)?;
        let readonly = cx.truth(&cx.attr(value, "readonly")?)?;
        let mut shape = Vec::new();
        // A view has 64 dimensions at most.
        if let Some(sizes) = Tuple::of(&cx.attr(value, "shape")?) {
            for size in sizes.as_slice() {
                shape.push(cx.index(size)?);
            }
        }
        let Some(bytes) = Bytes::of(&bytes) else { return Err(cx.system_error("tobytes() gave no bytes")) };
        cx.work_on_bytes(bytes.as_slice().len())?;
        let bytes = self.copy(bytes.as_slice())?;
        let view =
            ViewOf { bytes, readonly, format: format.as_str().into(), shape: shape.into_boxed_slice() };
        Ok(Crossing::View(Box::new(view)))
    }

    /// A function of Python's that needs nothing but its code and builtins.
    fn function(&mut self, value: &Value) -> Res<()> {
        let cx = self.cx;
        if !cx.is_function(value) {
            let shown = cx.repr(value)?;
            let text = format_args!("expected a function, got {shown}").to_string();
            return Err(cx.raise_of(&NOT_SHAREABLE, text));
        }
        if let Err(raised) = super::script::check_stateless(cx, value) {
            let cause = cx.take_raised(raised);
            let later = cx.raise_of(&NOT_SHAREABLE, "only stateless functions are shareable");
            return Err(super::caused(cx, later, cause));
        }
        let code = cx.code_as_bytes(&cx.attr(value, "__code__")?)?;
        let copy = self.copy(code.as_slice())?;
        self.push(Crossing::Function(copy))
    }

    /// As `pickle` has it; if that cannot, what was raised before is raised again.
    fn pickle_or(&mut self, value: &Value, first: Value) -> Res<()> {
        let cx = self.cx;
        let pickled = cx.import("pickle").and_then(|pickle| cx.call_method(&pickle, "dumps", (value,)));
        let pickled = match pickled {
            Ok(pickled) => Bytes::of(&pickled),
            Err(later) if is_grave(cx, &later) => return Err(later),
            Err(later) => {
                drop(cx.take_raised(later));
                None
            }
        };
        let Some(pickled) = pickled else { return Err(cx.raise_value(first)) };
        let file = cx.main_namespace()?.get_str(cx, "__file__")?;
        let file = file.filter(|file| cx.is_str(file)).map(|file| cx.str(&file)).transpose()?;
        let file = file.map(|file| self.copy(file.as_str().as_bytes())).transpose()?;
        let pickled = self.copy(pickled.as_slice())?;
        self.push(Crossing::Pickle(pickled, file))
    }
}

/// `NotShareableError` of an object.
fn not_shareable(cx: &Cx, value: &Value) -> Raised {
    match cx.str(value) {
        Ok(shown) => {
            cx.raise_of(&NOT_SHAREABLE, format_args!("{shown} does not support cross-interpreter data"))
        }
        Err(raised) => raised,
    }
}

/// The same, for a reason.
fn because(cx: &Cx, value: &Value, raised: Raised) -> Raised {
    if is_grave(cx, &raised) {
        return raised;
    }
    let cause = cx.take_raised(raised);
    super::caused(cx, not_shareable(cx, value), cause)
}

/// Whether there was no room for what crosses: it may cross another time.
pub fn lacks_room(cx: &Cx, raised: &Raised) -> bool {
    cx.is_raised(raised, "MemoryError") || cx.is_raised(raised, "RecursionError")
}

/// Whether what is on its way says nothing of an object: that memory or time is over, or that the program is to end.
pub fn is_grave(cx: &Cx, raised: &Raised) -> bool {
    cx.is_raised(raised, "MemoryError") || !cx.is_raised(raised, "Exception")
}
