//! `_remote_debugging`: what would be told of another process. The memory of one has a form here that nobody else knows, so nothing is.

use ryokan_vm::native::*;

native_record! {
    /// A frame.
    static FRAME = "_remote_debugging.FrameInfo" { filename, lineno, funcname };
    /// A coroutine: its frames, and the task that it belongs to.
    static COROUTINE = "_remote_debugging.CoroInfo" { call_stack, task_name };
    /// A task, and who awaits it.
    static TASK = "_remote_debugging.TaskInfo" { task_id, task_name, coroutine_stack, awaited_by };
    /// A thread, and its frames.
    static THREAD = "_remote_debugging.ThreadInfo" { thread_id, frame_info };
    /// A thread, and the tasks that are awaited in it.
    static AWAITED = "_remote_debugging.AwaitedInfo" { thread_id, awaited_by };
}

native_module! {
    "_remote_debugging" {
        consts { "PROCESS_VM_READV_SUPPORTED" = 0; }
        types { Unwinder }
        classes {
            "FrameInfo" = &FRAME;
            "CoroInfo" = &COROUTINE;
            "TaskInfo" = &TASK;
            "ThreadInfo" = &THREAD;
            "AwaitedInfo" = &AWAITED;
        }
    }
}

native_type! {
    /// Would look into another process, by its number. Raises RuntimeError.
    "_remote_debugging.RemoteUnwinder" = pub struct Unwinder {}
    new(*args, **names) = new;
    methods {
        /// Raises RuntimeError.
        get_stack_trace() = refuse;
        /// Raises RuntimeError.
        get_all_awaited_by() = refuse;
        /// Raises RuntimeError.
        get_async_stack_trace() = refuse;
    }
}

#[cold]
fn refused(cx: &Cx) -> Raised {
    cx.runtime_error("Ryokan cannot look into another process")
}
fn new(cx: &Cx, _: &Value, args: Args) -> Res {
    if args.positional().is_empty() && args.get_named(cx, "pid").is_none() {
        return Err(cx.type_error("RemoteUnwinder() missing required argument 'pid' (pos 1)"));
    }
    Err(refused(cx))
}
fn refuse(cx: &Cx, _: This<Unwinder>) -> Res {
    Err(refused(cx))
}
