//! `_warnings`: who is warned of what, by the filters; and how the VM itself warns.
//!
//! The state is the module's dict: `filters`, `_defaultaction`, `_onceregistry`. If the Python module `warnings` was imported, what it
//! has of them comes first, and its `_showwarnmsg` shows. A registry (`__warningregistry__` of the globals that warn) knows what was
//! shown; it is cleared when `Warnings::version` has moved since.

use std::time::{Duration, Instant};

use crate::modules::add;
use crate::object::native::{Call, Method, method};
use crate::object::ty::TypeObj;
use crate::raised::Res;
use crate::types::dict::Dict;
use crate::types::int::is_int;
use crate::types::list::List;
use crate::types::str::Str;
use crate::types::str::args::given_value;
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

/// `_warnings.__doc__`
pub const DOC: &str = "What the module warnings stands on: the filters, and what is done about a warning.";

/// The rows.
pub static FUNCTIONS: &[Method] = &[
    method(
        "warn",
        "(message, category=None, stacklevel=1, source=None, *, skip_file_prefixes=<unrepresentable>)",
        Call::Slice(warn),
        "Shows a warning, raises it, or does nothing, as the filters say.\n\nIt is told to concern the line `stacklevel` calls \
         further out, files whose names begin with\none of skip_file_prefixes left out. TypeError if category is no class of \
         warnings.",
    ),
    method(
        "warn_explicit",
        "(message, category, filename, lineno, module=<unrepresentable>, registry=None, module_globals=None, source=None)",
        Call::Slice(warn_explicit),
        "As warn(), for a place that is named.",
    ),
    method(
        "_filters_mutated_lock_held",
        "()",
        Call::Slice(filters_mutated),
        "Says that the filters have changed: what was shown once may be shown again.",
    ),
    method(
        "_acquire_lock",
        "()",
        Call::Slice(acquire),
        "Keeps other threads from changing the filters; waits for one that does. It may be called again.",
    ),
    method(
        "_release_lock",
        "()",
        Call::Slice(release),
        "Ends one _acquire_lock(). RuntimeError if there was none.",
    ),
];

fn filters_mutated(vm: &Vm, _: &[Value]) -> Res {
    if vm.warnings.lock.get().0 != vm.threads.ident() {
        return Err(vm.runtime_error("warnings lock is not held"));
    }
    vm.warnings.version.set(vm.warnings.version.get().wrapping_add(1));
    Ok(Value::NONE)
}

fn acquire(vm: &Vm, _: &[Value]) -> Res {
    let me = vm.threads.ident();
    loop {
        let (owner, depth) = vm.warnings.lock.get();
        if owner == 0 || owner == me {
            vm.warnings.lock.set((me, depth + 1));
            return Ok(Value::NONE);
        }
        // Filters change seldom and shortly.
        vm.wait_for(Some(Instant::now() + SHORTLY), |_| {
            std::thread::sleep(SHORTLY);
            true
        })?;
    }
}

fn release(vm: &Vm, _: &[Value]) -> Res {
    let (owner, depth) = vm.warnings.lock.get();
    if owner == 0 || owner != vm.threads.ident() {
        return Err(vm.runtime_error("cannot release un-acquired lock"));
    }
    vm.warnings.lock.set(if depth == 1 { (0, 0) } else { (owner, depth - 1) });
    Ok(Value::NONE)
}

/// How long a thread sleeps that waits for another one's change of the filters.
const SHORTLY: Duration = Duration::from_millis(1);

/// What is ignored from the start, and what is not.
const FILTERS: &[(&str, &str, Option<&str>)] = &[
    ("default", "DeprecationWarning", Some("__main__")),
    ("ignore", "DeprecationWarning", None),
    ("ignore", "PendingDeprecationWarning", None),
    ("ignore", "ImportWarning", None),
    ("ignore", "ResourceWarning", None),
];

/// Adds the state.
pub fn fill(vm: &Vm, dict: &Dict) -> Res<()> {
    let mut filters = Vec::new();
    for (action, category, module) in FILTERS {
        filters.push(filter(vm, action, vm.builtin(category)?, *module, 0)?);
    }
    vm.warnings.filters.set(vm.new_list(filters)?);
    vm.warnings.once_registry.set(vm.new_dict()?.into_value());
    vm.warnings.default_action.set(vm.intern("default")?);
    add(vm, dict, "filters", vm.warnings.filters.clone())?;
    // The variable that holds the filters of a context, where contexts have their own.
    if let Some(row) = crate::modules::find(vm, "_contextvars") {
        let contextvars = crate::modules::make(vm, row)?;
        let class = vm.get_attr(contextvars.value(), &vm.intern("ContextVar")?)?;
        add(vm, dict, "_warnings_context", vm.call(&class, &[vm.str("_warnings_context")?])?)?;
    }
    add(vm, dict, "_onceregistry", vm.warnings.once_registry.clone())?;
    add(vm, dict, "_defaultaction", vm.warnings.default_action.clone())
}

fn filter(vm: &Vm, action: &str, category: Value, module: Option<&str>, line: i64) -> Res {
    let module = module.map_or(Ok(Value::NONE), |name| vm.intern(name))?;
    vm.new_tuple(vec![vm.intern(action)?, Value::NONE, category, module, Value::small(line)])
}

/// A place that a warning concerns.
struct WarningPlace {
    filename: Value,
    line: i64,
    module: Value,
    registry: Value,
}

/// The category of a warning: that of a message which is one, or the class that is given.
fn category_of(vm: &Vm, message: &Value, category: Option<&Value>) -> Res {
    if vm.is_instance(message, &vm.exc.Warning) {
        return Ok(vm.type_of(message).to_value());
    }
    let Some(category) = category else { return vm.builtin("UserWarning") };
    if category.get::<TypeObj>().is_none_or(|class| !class.is_subtype(&vm.exc.Warning)) {
        let kind = vm.type_name(category);
        return Err(vm.type_error(format_args!("category must be a Warning subclass, not '{kind}'")));
    }
    Ok(category.clone())
}

fn warn(vm: &Vm, args: &[Value]) -> Res {
    let mut level = match args.get(2).filter(|a| !a.is_unbound()) {
        Some(level) => vm.index_long(level)?,
        None => 1,
    };
    let prefixes = match args.get(4).filter(|a| !a.is_unbound()) {
        None => Vec::new(),
        Some(given) => match given.get::<Tuple>() {
            Some(all) => all.items().to_vec(),
            None => {
                let kind = vm.arg_name(given);
                return Err(vm.type_error(format_args!(
                    "warn() argument 'skip_file_prefixes' must be tuple, not {kind}"
                )));
            }
        },
    };
    if let Some(other) = prefixes.iter().find(|p| !vm.is_str(p)) {
        let kind = vm.type_name(other);
        return Err(vm.type_error(format_args!("Found non-str '{kind}' in skip_file_prefixes.")));
    }
    if !prefixes.is_empty() {
        level = level.max(2);
    }
    let category = category_of(vm, &args[0], given_value(args, 1))?;
    vm.warn_from(&category, &args[0], level, &prefixes, given_value(args, 3))?;
    Ok(Value::NONE)
}

fn warn_explicit(vm: &Vm, args: &[Value]) -> Res {
    if !vm.is_str(&args[2]) {
        let kind = vm.arg_name(&args[2]);
        return Err(
            vm.type_error(format_args!("warn_explicit() argument 'filename' must be str, not {kind}"))
        );
    }
    let line = vm.index_long(&args[3])?;
    let category = category_of(vm, &args[0], Some(&args[1]))?;
    let module = match args.get(4).filter(|a| !a.is_unbound()) {
        Some(module) => module.clone(),
        None => module_of_file(vm, &args[2])?,
    };
    if let Some(globals) = given_value(args, 6)
        && !globals.has::<Dict>()
    {
        let kind = vm.type_name(globals);
        return Err(vm.type_error(format_args!("module_globals must be a dict, not '{kind}'")));
    }
    // Where the interpreter ends, a module may be None.
    if module.is_none() {
        return Ok(Value::NONE);
    }
    let registry = given_value(args, 5).cloned().unwrap_or(Value::NONE);
    if !registry.is_none() && !registry.has::<Dict>() {
        return Err(vm.type_error("'registry' must be a dict or None"));
    }
    let place = WarningPlace { filename: args[2].clone(), line, module, registry };
    vm.warn_at(&category, &args[0], &place, given_value(args, 7))?;
    Ok(Value::NONE)
}

/// The module that a file is taken for where nothing else is known.
fn module_of_file(vm: &Vm, filename: &Value) -> Res {
    let name = vm.text(filename);
    match name.strip_suffix(".py") {
        Some(stem) => vm.str(stem),
        None if name.is_empty() => vm.str("<unknown>"),
        None => Ok(filename.clone()),
    }
}

impl Vm {
    /// A warning of a builtin category, one call further out than `level` says less one: 1 is where the program stands.
    /// Runs Python; raises the warning where the filters say so.
    #[cold]
    pub fn warn(&self, category: &str, message: &str, level: i64) -> Res<()> {
        self.warn_from(&self.builtin(category)?, &self.str(message)?, level, &[], None)
    }

    /// A warning of the compiler, at a line of a source. Runs Python and raises as [`Vm::warn`].
    #[cold]
    pub fn warn_of_source(&self, message: &str, filename: &str, line: u32) -> Res<()> {
        let filename = self.str(filename)?;
        let module = module_of_file(self, &filename)?;
        let place = WarningPlace { filename, line: i64::from(line), module, registry: Value::NONE };
        self.warn_at(&self.exc.SyntaxWarning.to_value(), &self.str(message)?, &place, None)
    }

    /// The same in something about an object, for any category. Runs Python and raises as [`Vm::warn`].
    #[cold]
    pub fn warn_from(
        &self,
        category: &Value,
        message: &Value,
        level: i64,
        skipped: &[Value],
        source: Option<&Value>,
    ) -> Res<()> {
        let place = self.place_at(level, skipped)?;
        self.warn_at(category, message, &place, source)
    }

    fn place_at(&self, level: i64, skipped: &[Value]) -> Res<WarningPlace> {
        let skips = |name: &str| {
            let importing = name.contains("importlib") && name.contains("_bootstrap");
            importing || skipped.iter().any(|p| name.starts_with(self.text(p).as_str()))
        };
        let mut frames = self.thread.stacks.iter().filter(|f| !f.is_boundary());
        let mut found = frames.next();
        for _ in 1..level {
            if found.is_none() {
                break;
            }
            found = frames.find(|frame| !skips(&self.text(&frame.run().object().filename)));
        }
        let (globals, filename, line) = match found {
            Some(frame) => {
                let code = frame.run().object();
                let line = code.code.position(frame.run().instr_at(frame.pc)).line;
                (frame.function().globals.clone(), code.filename.clone(), i64::from(line))
            }
            None => (self.sys_dict.clone(), self.str("<sys>")?, 0),
        };
        let mut place = WarningPlace { filename, line, module: Value::NONE, registry: Value::NONE };
        if let Some(dict) = globals.get::<Dict>() {
            let key = self.intern("__warningregistry__")?;
            place.registry = match dict.get_name(&key).cloned() {
                Some(registry) => registry,
                None => {
                    let registry = self.new_dict()?.into_value();
                    dict.set_name(self, &key, registry.clone())?;
                    registry
                }
            };
            place.module = dict.get_name(&self.names.__name__).cloned().unwrap_or(Value::NONE);
        }
        if !self.is_str(&place.module) {
            place.module = self.str("<string>")?;
        }
        Ok(place)
    }

    fn warn_at(
        &self,
        category: &Value,
        message: &Value,
        place: &WarningPlace,
        source: Option<&Value>,
    ) -> Res<()> {
        let (text, message) = if self.is_instance(message, &self.exc.Warning) {
            (self.to_str(message)?, message.clone())
        } else {
            (message.clone(), self.call(category, &[message.clone()])?)
        };
        let line = self.int(place.line)?;
        let key = self.new_tuple(vec![text.clone(), category.clone(), line])?;
        if self.already_warned(&place.registry, &key, false)? {
            return Ok(());
        }
        let (action, item) = self.action_for(category, &text, place)?;
        let known = self.text(&action).to_string();
        match known.as_str() {
            "error" => return Err(self.raise_value(message)),
            "ignore" => return Ok(()),
            "always" | "all" => {}
            other => {
                if let Some(registry) = place.registry.get::<Dict>() {
                    registry.set_item(self, &key, Value::TRUE)?;
                }
                let general = self.new_tuple(vec![text.clone(), category.clone()])?;
                let seen = match other {
                    "once" if place.registry.is_none() => {
                        let registry = self.warnings_attr("onceregistry", &self.warnings.once_registry)?;
                        self.already_warned(&registry.unwrap_or(Value::NONE), &general, true)?
                    }
                    "once" | "module" => self.already_warned(&place.registry, &general, true)?,
                    "default" => false,
                    _ => {
                        let (action, item) = (self.repr(&action)?, self.repr(&item)?);
                        let (action, item) = (self.text(&action), self.text(&item));
                        return Err(self.runtime_error(format_args!(
                            "Unrecognized action ({action}) in warnings.filters:\n {item}"
                        )));
                    }
                };
                if seen {
                    return Ok(());
                }
            }
        }
        self.show_warning(category, &text, &message, place, source)
    }

    /// Whether a registry knows a key; with `set`, it does from now on.
    fn already_warned(&self, registry: &Value, key: &Value, set: bool) -> Res<bool> {
        let Some(dict) = registry.get::<Dict>() else { return Ok(false) };
        let version = self.intern("version")?;
        let present = i64::from(self.warnings.version.get());
        let known = dict.get_name(&version).is_some_and(|v| v.word().is_int() && v.word().int() == present);
        if !known {
            dict.clear_all();
            dict.set_name(self, &version, Value::small(present))?;
        } else if let Some(seen) = dict.get_item(self, key)?
            && self.truth(&seen)?
        {
            return Ok(true);
        }
        if set {
            dict.set_item(self, key, Value::TRUE)?;
        }
        Ok(false)
    }

    /// An attribute of the state: `warnings`' own if that is there, which is remembered then, or else what was.
    fn warnings_attr(&self, public: &str, own: &Value) -> Res<Option<Value>> {
        let module =
            self.modules.get::<Dict>().and_then(|m| m.get_name(&self.intern("warnings").ok()?).cloned());
        if let Some(module) = module
            && let Some(found) = self.get_attr_opt(&module, &self.intern(public)?)?
        {
            own.set(found.clone());
            return Ok(Some(found));
        }
        if own.is_unbound() {
            self.import_name("_warnings")?;
        }
        Ok(own.bound().cloned())
    }

    /// What is to be done, and the filter that says so.
    fn action_for(&self, category: &Value, text: &Value, place: &WarningPlace) -> Res<(Value, Value)> {
        let filters = self.warnings_attr("filters", &self.warnings.filters)?.unwrap_or(Value::NONE);
        if !filters.has::<List>() {
            return Err(self.value_error("warnings.filters must be a list"));
        }
        let mut at = 0;
        // A filter may run Python, which may change the list.
        while let Some(item) = filters.get::<List>().and_then(|all| all.items().get(at).cloned()) {
            let fields = item.get::<Tuple>().map(Tuple::items).unwrap_or_default().to_vec();
            let [action, wanted, class, module, line] = fields.as_slice() else {
                return Err(self.value_error(format_args!("warnings.filters item {at} isn't a 5-tuple")));
            };
            if !self.is_str(action) {
                let kind = self.type_name(action);
                return Err(self.type_error(format_args!("action must be a string, not '{kind}'")));
            }
            if !is_int(line) {
                return Err(self.type_error("an integer is required"));
            }
            let line = self.index_long(line)?;
            if self.matches(wanted, text)?
                && self.is_subclass_of(category, class)?
                && self.matches(module, &place.module)?
                && (line == 0 || line == place.line)
            {
                return Ok((action.clone(), item));
            }
            at += 1;
        }
        match self.warnings_attr("defaultaction", &self.warnings.default_action)? {
            Some(action) if self.is_str(&action) => Ok((action, Value::NONE)),
            Some(other) => {
                let kind = self.type_name(&other);
                Err(self.type_error(format_args!("_warnings.defaultaction must be a string, not '{kind}'")))
            }
            None => Err(self.value_error("_warnings.defaultaction not found")),
        }
    }

    /// Whether a filter's pattern fits: None fits all, a str its equal, anything else is asked by `match`.
    fn matches(&self, pattern: &Value, text: &Value) -> Res<bool> {
        if pattern.is_none() {
            return Ok(true);
        }
        if pattern.exact::<Str>().is_some() {
            return self.equal(pattern, text);
        }
        let found = self.call_method(pattern, &self.intern("match")?, &[text.clone()])?;
        self.truth(&found)
    }

    /// The module `warnings` in Python, which can also show where the source of a warning was made; if it is `wanted` for that, it is
    /// imported, unless the interpreter ends. Runs Python and raises as [`Vm::import_name`], but for `ImportError`.
    pub fn warnings_module(&self, wanted: bool) -> Res<Option<Value>> {
        let name = self.intern("warnings")?;
        let there = self.modules.get::<Dict>().and_then(|modules| modules.get_name(&name).cloned());
        if there.is_some() || !wanted || self.sys.finalizing.get() {
            return Ok(there);
        }
        match self.import_name("warnings") {
            Ok(module) => Ok(Some(module)),
            Err(raised) if self.raised_is(&raised, &self.exc.ImportError) => {
                drop(self.take_raised(raised));
                Ok(None)
            }
            Err(raised) => Err(raised),
        }
    }

    fn show_warning(
        &self,
        category: &Value,
        text: &Value,
        message: &Value,
        place: &WarningPlace,
        source: Option<&Value>,
    ) -> Res<()> {
        if let Some(module) = self.warnings_module(source.is_some())?
            && let Some(show) = self.get_attr_opt(&module, &self.intern("_showwarnmsg")?)?
        {
            let class = self.get_attr(&module, &self.intern("WarningMessage")?)?;
            let source = source.cloned().unwrap_or(Value::NONE);
            let line = self.int(place.line)?;
            let parts = [
                message.clone(),
                category.clone(),
                place.filename.clone(),
                line,
                Value::NONE,
                Value::NONE,
                source,
            ];
            let shown = self.call(&class, &parts)?;
            return self.call(&show, &[shown]).map(drop);
        }
        let class = self.get_attr(category, &self.names.__name__)?;
        let (class, text) = (self.to_str(&class)?, self.to_str(text)?);
        // The line is written, and a copy of it made.
        self.room_for_bytes(self.text(&text).len() as u128 * 3)?;
        let (filename, class) = (self.text(&place.filename).to_string(), self.text(&class).to_string());
        let mut out = format!("{filename}:{}: {class}: {}\n", place.line, self.text(&text));
        if !filename.starts_with('<')
            && let Some(line) =
                u32::try_from(place.line).ok().and_then(|l| self.host.source_line(&filename, l))
        {
            out.push_str(&format!("  {}\n", line.trim()));
        }
        let Some(stderr) = self.sys_attr("stderr")?.filter(|s| !s.is_none()) else { return Ok(()) };
        self.call_method(&stderr, &self.names.write, &[self.str(&out)?]).map(drop)
    }
}

/// Applies `-W` options and `PYTHONWARNINGS`, the first first; gives what is to be said of those that mean nothing.
pub fn apply(vm: &Vm, options: &[String]) -> Res<Vec<String>> {
    let mut wrong = Vec::new();
    let Some(filters) = vm.warnings_attr("filters", &vm.warnings.filters)?.filter(|f| f.has::<List>()) else {
        return Ok(wrong);
    };
    for option in options {
        match read_option(vm, option)? {
            Ok(filter) => {
                let insert = vm.intern("insert")?;
                vm.call_method(&filters, &insert, &[Value::small(0), filter])?;
            }
            Err(fault) => wrong.push(format!("Invalid -W option ignored: {fault}")),
        }
    }
    vm.warnings.version.set(vm.warnings.version.get().wrapping_add(1));
    Ok(wrong)
}

/// `action:message:category:module:line`. A message fits as a whole here, where `warnings` lets it be a beginning.
fn read_option(vm: &Vm, option: &str) -> Res<Result<Value, String>> {
    const ACTIONS: [&str; 7] = ["default", "always", "all", "ignore", "module", "once", "error"];
    let parts: Vec<&str> = option.split(':').map(str::trim).collect();
    if parts.len() > 5 {
        return Ok(Err(format!("too many fields (max 5): '{option}'")));
    }
    let part = |at: usize| parts.get(at).copied().unwrap_or_default();
    let action = match part(0) {
        "" => "default",
        "all" => "always",
        given => match ACTIONS.iter().find(|action| action.starts_with(given)) {
            Some(action) => action,
            None => return Ok(Err(format!("invalid action: '{given}'"))),
        },
    };
    let category = match part(2) {
        "" => vm.exc.Warning.to_value(),
        name => {
            let key = vm.intern(name)?;
            let found = vm.builtins.get::<Dict>().and_then(|d| d.get_name(&key).cloned());
            match found {
                Some(class) if class.get::<TypeObj>().is_some_and(|c| c.is_subtype(&vm.exc.Warning)) => class,
                Some(_) => return Ok(Err(format!("invalid warning category: '{name}'"))),
                None => return Ok(Err(format!("unknown warning category: '{name}'"))),
            }
        }
    };
    let line = match part(4) {
        "" => 0,
        text => match text.parse::<u32>() {
            Ok(line) => i64::from(line),
            Err(_) => return Ok(Err(format!("invalid lineno '{text}'"))),
        },
    };
    let optional = |text: &str| if text.is_empty() { Ok(Value::NONE) } else { vm.str(text) };
    let fields =
        vec![vm.intern(action)?, optional(part(1))?, category, optional(part(3))?, Value::small(line)];
    vm.new_tuple(fields).map(Ok)
}
