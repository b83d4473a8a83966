//! `sys.monitoring` (PEP 669): tools that ask to be told of events, everywhere or in one code.

use crate::modules::{NativeModule, add};
use crate::object::native::{Call, Method, method};
use crate::raised::Res;
use crate::types::code::CodeObj;
use crate::types::dict::Dict;
use crate::value::Value;
use crate::vm::Vm;
use crate::vm::tracing::{Event, Events, TOOLS, Tool};

/// The module's row; `sys` has it as an attribute.
pub static MODULE: NativeModule = NativeModule {
    name: "sys.monitoring",
    doc: "Tools that are told of what a program does: calls, lines, branches, exceptions.",
    functions: FUNCTIONS,
    fill,
};

static FUNCTIONS: &[Method] = &[
    method("use_tool_id", "(tool_id, name, /)", Call::Two(use_tool), "Takes a tool's number, under a name."),
    method("clear_tool_id", "(tool_id, /)", Call::One(clear_tool), "Takes back all that a tool asked for."),
    method("free_tool_id", "(tool_id, /)", Call::One(free_tool), "The same, and gives its number back."),
    method("get_tool", "(tool_id, /)", Call::One(get_tool), "The name of the tool with a number, or None."),
    method(
        "register_callback",
        "(tool_id, event, func, /)",
        Call::Three(register),
        "Sets what is called at an event, or nothing for None; gives what was.",
    ),
    method("get_events", "(tool_id, /)", Call::One(get_events), "What a tool asks for everywhere."),
    method(
        "set_events",
        "(tool_id, event_set, /)",
        Call::Watch(|vm, args| set_events(vm, &args[0], &args[1])),
        "Sets what a tool asks for everywhere.",
    ),
    method("get_local_events", "(tool_id, code, /)", Call::Two(get_local), "What a tool asks for in a code."),
    method(
        "set_local_events",
        "(tool_id, code, event_set, /)",
        Call::Watch(|vm, args| set_local(vm, &args[0], &args[1], &args[2])),
        "Sets what a tool asks for in a code.",
    ),
    method(
        "restart_events",
        "()",
        Call::Slice(|vm, _| {
            vm.tracing.restarts.set(vm.tracing.restarts.get().wrapping_add(1));
            Ok(Value::NONE)
        }),
        "Tells again of events that callbacks have disabled.",
    ),
    method("_all_events", "()", Call::Slice(all_events), "Which tools ask for which events, by name."),
];

fn fill(vm: &Vm, dict: &Dict) -> Res<()> {
    for (name, number) in [("DEBUGGER_ID", 0), ("COVERAGE_ID", 1), ("PROFILER_ID", 2), ("OPTIMIZER_ID", 5)] {
        add(vm, dict, name, Value::small(number))?;
    }
    let plain = || vm.call(&vm.types.object.to_value(), &[]);
    vm.tracing.disable.set(plain()?);
    vm.tracing.missing.set(plain()?);
    add(vm, dict, "DISABLE", vm.tracing.disable.clone())?;
    add(vm, dict, "MISSING", vm.tracing.missing.clone())?;
    let alone = Event::ALL.map(|event| (event.name(), event.alone()));
    let others = [("BRANCH", Events::BRANCH), ("NO_EVENTS", Events::empty())];
    let all = alone.into_iter().chain(others).map(|(name, events)| (name, i64::from(events.bits())));
    let all: Vec<_> = all.collect();
    add(vm, dict, "events", super::info::numbers(vm, &all)?)
}

fn tool<'a>(vm: &'a Vm, id: &Value) -> Res<(usize, &'a Tool)> {
    let number = vm.index_c_int(id)?;
    match usize::try_from(number).ok().filter(|number| *number < TOOLS) {
        Some(number) => Ok((number, &vm.tracing.tools[number])),
        None => Err(vm.value_error(format_args!("invalid tool {number} (must be between 0 and 5)"))),
    }
}

fn used<'a>(vm: &'a Vm, id: &Value) -> Res<(usize, &'a Tool)> {
    let (number, tool) = tool(vm, id)?;
    match tool.name.is_unbound() {
        true => Err(vm.value_error(format_args!("tool {number} is not in use"))),
        false => Ok((number, tool)),
    }
}

fn use_tool(vm: &Vm, id: &Value, name: &Value) -> Res {
    let (number, tool) = tool(vm, id)?;
    if !vm.is_str(name) {
        return Err(vm.value_error("tool name must be a str"));
    }
    if !tool.name.is_unbound() {
        return Err(vm.value_error(format_args!("tool {number} is already in use")));
    }
    tool.name.set(name.clone());
    Ok(Value::NONE)
}

/// Takes back what a tool asked for; what codes have of it is of an earlier generation from now on.
fn clear(vm: &Vm, tool: &Tool) {
    tool.events.set(Events::empty());
    tool.generation.set(tool.generation.get().wrapping_add(1));
    for callback in &tool.callbacks {
        callback.set(Value::UNBOUND);
    }
    vm.tracing_changed();
}

fn clear_tool(vm: &Vm, id: &Value) -> Res {
    let (_, tool) = tool(vm, id)?;
    if !tool.name.is_unbound() {
        clear(vm, tool);
    }
    Ok(Value::NONE)
}

fn free_tool(vm: &Vm, id: &Value) -> Res {
    let (_, tool) = tool(vm, id)?;
    if !tool.name.is_unbound() {
        clear(vm, tool);
        tool.name.set(Value::UNBOUND);
    }
    Ok(Value::NONE)
}

fn get_tool(vm: &Vm, id: &Value) -> Res {
    Ok(tool(vm, id)?.1.name.bound().cloned().unwrap_or(Value::NONE))
}

fn register(vm: &Vm, id: &Value, kind: &Value, function: &Value) -> Res {
    let (_, tool) = tool(vm, id)?;
    let bits = vm.index_c_int(kind)?;
    if bits <= 0 || bits & (bits - 1) != 0 {
        return Err(vm.value_error("The callback can only be set for one event at a time"));
    }
    let Some(events) = Events::from_bits(bits as u32) else {
        return Err(vm.value_error(format_args!("invalid event {bits}")));
    };
    let function = if function.is_none() { Value::UNBOUND } else { function.clone() };
    let mut before = Value::NONE;
    for event in events.each() {
        before = tool.callbacks[event as usize].replace(function.clone());
    }
    Ok(before.bound().cloned().unwrap_or(Value::NONE))
}

/// A set of events as a script says it.
fn event_set(vm: &Vm, given: &Value) -> Res<Events> {
    let bits = vm.index_c_int(given)? as u32;
    let Some(events) = Events::from_bits(bits) else {
        return Err(vm.value_error(format_args!("invalid event set 0x{bits:x}")));
    };
    let whole = Events::CALL | Events::OF_CALLS;
    if events.intersects(Events::OF_CALLS) && !events.contains(whole) {
        return Err(vm.value_error("cannot set C_RETURN or C_RAISE events independently"));
    }
    Ok((events - Events::OF_CALLS).with_ways())
}

/// With calls come their returns.
fn with_calls(events: Events) -> Events {
    if events.contains(Events::CALL) { events | Events::OF_CALLS } else { events }
}

/// A set of events as a script sees it.
fn shown(vm: &Vm, events: Events) -> Res {
    vm.int(i64::from((events - Events::OF_CALLS).bits()))
}

fn get_events(vm: &Vm, id: &Value) -> Res {
    let (_, tool) = tool(vm, id)?;
    shown(vm, tool.events.get())
}

fn set_events(vm: &Vm, id: &Value, given: &Value) -> Res {
    let (_, tool) = tool(vm, id)?;
    let events = event_set(vm, given)?;
    used(vm, id)?;
    if !events.is_empty() {
        super::tracing::may_trace(vm)?;
    }
    tool.events.set(with_calls(events));
    vm.tracing_changed();
    vm.trace_frames();
    Ok(Value::NONE)
}

fn code<'a>(vm: &Vm, value: &'a Value) -> Res<&'a CodeObj> {
    value.get().ok_or_else(|| vm.type_error("code must be a code object"))
}

fn get_local(vm: &Vm, id: &Value, value: &Value) -> Res {
    let code = code(vm, value)?;
    let (number, _) = tool(vm, id)?;
    shown(vm, code.tool_events(vm, number))
}

fn set_local(vm: &Vm, id: &Value, value: &Value, given: &Value) -> Res {
    let code = code(vm, value)?;
    let (number, _) = used(vm, id)?;
    let events = event_set(vm, given)?;
    if !Events::LOCAL.contains(events) {
        let bits = events.bits();
        return Err(vm.value_error(format_args!("invalid local event set 0x{bits:x}")));
    }
    if !events.is_empty() {
        super::tracing::may_trace(vm)?;
        vm.tracing.local.set(true);
    }
    let mut monitors = code.monitors.borrow_mut();
    let monitors = monitors.get_or_insert_with(Default::default);
    monitors.events[number] = (with_calls(events), vm.tracing.tools[number].generation.get());
    vm.tracing_changed();
    vm.trace_frames();
    Ok(Value::NONE)
}

fn all_events(vm: &Vm, _: &[Value]) -> Res {
    let dict = vm.new_dict()?;
    for event in Event::ALL {
        let asks =
            |(number, tool): (usize, &Tool)| u32::from(tool.events.get().contains(event.alone())) << number;
        let tools: u32 = vm.tracing.tools.iter().enumerate().map(asks).sum();
        if tools != 0 {
            dict.set_name(vm, &vm.intern(event.name())?, vm.int(i64::from(tools))?)?;
        }
    }
    Ok(dict.into_value())
}
