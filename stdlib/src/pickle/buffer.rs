//! `PickleBuffer`: the bytes of an object, which may travel beside a pickle.

use std::cell::Cell;

use ryokan_vm::native::*;

native_type! {
    /// The bytes of an object, which a pickler of protocol 5 may give away instead of writing them.
    "pickle.PickleBuffer" = pub struct PickleBuffer { view: Maybe, contiguous: Cell<bool>, readonly: Cell<bool> }
    flags: SUBCLASS, WEAKREF;
    new(*args, **names) = new_buffer;
    methods {
        /// A view of the bytes as they lie there, of one dimension.
        raw();
        /// Lets the bytes go.
        release();
        /// A view of the object, for who asks for its bytes.
        __buffer__(flags: BufferFlags, /) = lend;
        /// Ends such a view.
        __release_buffer__(buffer: Value, /) = take_back;
    }
}

impl PickleBuffer {
    /// The buffer that a value is.
    pub fn of(value: &Value) -> Option<&PickleBuffer> {
        value.body()
    }
    /// Whether the bytes lie in one piece.
    pub fn is_contiguous(&self) -> bool {
        self.contiguous.get()
    }
    /// Whether the bytes cannot be written.
    pub fn is_readonly(&self) -> bool {
        self.readonly.get()
    }
    /// The view of the object. `ValueError` if it was let go.
    pub fn view(&self, cx: &Cx) -> Res {
        let message = "operation forbidden on released PickleBuffer object";
        self.view.get().ok_or(()).map_err(|()| cx.value_error(message))
    }
}

fn new_buffer(cx: &Cx, class: &Value, args: Args) -> Res {
    args.no_keywords(cx, "PickleBuffer")?;
    let [object] = args.positional() else {
        let given = args.positional().len();
        let message = format_args!("PickleBuffer() takes exactly 1 positional argument ({given} given)");
        return Err(cx.type_error(message));
    };
    let view = cx.call(&cx.builtin("memoryview")?, (object,)).map_err(|raised| {
        match cx.catch(raised, "TypeError") {
            Ok(_) => {
                let kind = cx.type_name(object);
                cx.type_error(format_args!("a bytes-like object is required, not '{kind}'"))
            }
            Err(raised) => raised,
        }
    })?;
    let contiguous = Cell::new(cx.truth(&cx.attr(&view, "contiguous")?)?);
    let readonly = Cell::new(cx.truth(&cx.attr(&view, "readonly")?)?);
    cx.new_of(class, PickleBuffer { view: Maybe::new(view), contiguous, readonly })
}

fn raw(cx: &Cx, this: This<PickleBuffer>) -> Res {
    let view = this.view(cx)?;
    if !this.is_contiguous() {
        return Err(cx.buffer_error("cannot extract raw buffer from non-contiguous buffer"));
    }
    cx.call_method(&view, "cast", ("B",))
}

fn release(_: &Cx, this: This<PickleBuffer>) {
    // Who looks into it meanwhile keeps the object's bytes.
    drop(this.view.take());
}

fn lend(cx: &Cx, this: This<PickleBuffer>, flags: BufferFlags) -> Res {
    let view = this.view(cx)?;
    if flags.contains(BufferFlags::WRITABLE) && this.is_readonly() {
        return Err(cx.buffer_error("underlying buffer is not writable"));
    }
    cx.call(&cx.builtin("memoryview")?, (view,))
}

fn take_back(cx: &Cx, _: This<PickleBuffer>, buffer: Value) -> Res<()> {
    cx.call_method(&buffer, "release", ()).map(drop)
}
