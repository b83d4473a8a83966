//! Binding the arguments of a call to a Python function's parameters, for every call that is not just "so many positional".
//!
//! Arguments stand in the registers that become the callee's locals: the positional ones, then the named ones. Binding takes
//! them out and puts them where the parameters are: positional or keyword, keyword-only, `*args`, `**kwargs`.

use ryokan_bytecode::CodeFlags;

use crate::raised::{Raised, Res};
use crate::types::code::CodeObj;
use crate::types::dict::Dict;
use crate::types::function::Function;
use crate::types::str::Str;
use crate::types::str::Text;
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

/// So many named arguments need no room on the heap while they are bound.
const FEW: usize = 8;

/// Binds in place, in as many registers as the function has, or arguments are given. On failure all are empty.
pub fn bind(
    vm: &Vm,
    function: &Function,
    registers: &[Value],
    positional: usize,
    names: &[Value],
) -> Res<()> {
    let code = function.code();
    let given = positional + names.len();
    let locals = code.code.locals.len();
    let binder = Binder { vm, function, code, slots: &registers[..locals] };
    // What a dead register holds is no value of anybody's.
    registers[given.min(locals)..locals].iter().for_each(|slot| slot.set(Value::UNBOUND));
    let bound = if names.is_empty() {
        binder.bind(registers, positional, &[], &[])
    } else if binder.exchange(positional, names) {
        binder.fill(positional)
    } else {
        binder.move_aside(registers, positional, names)
    };
    if bound.is_err() {
        registers.iter().for_each(|slot| drop(slot.take()));
    }
    bound
}

struct Binder<'a> {
    vm: &'a Vm,
    function: &'a Function,
    code: &'a CodeObj,
    slots: &'a [Value],
}

impl Binder<'_> {
    fn name(&self) -> Text {
        self.vm.text(&self.function.qualname)
    }
    fn param(&self, at: usize) -> Text {
        self.vm.text(&self.code.locals[at])
    }

    /// Brings named arguments to their parameters by exchanging registers, if each is the name of another parameter that no positional
    /// argument has, and there are no more arguments than that; `false`, and nothing done, otherwise.
    fn exchange(&self, positional: usize, names: &[Value]) -> bool {
        let code = &self.code.code;
        let (posonly, argc) = (code.posonly_count as usize, code.arg_count as usize);
        if code.flags.intersects(CodeFlags::VARARGS | CodeFlags::VARKEYWORDS)
            || positional > argc
            || names.len() > FEW
            || positional + names.len() > self.slots.len()
        {
            return false;
        }
        let from = posonly.max(positional);
        let known = &self.code.locals[..argc + code.kwonly_count as usize];
        let (mut targets, mut places) = ([0; FEW], [0; FEW]);
        for (i, name) in names.iter().enumerate() {
            let Some(at) = (from..known.len()).find(|at| known[*at].word() == name.word()) else {
                return false;
            };
            if targets[..i].contains(&at) {
                return false;
            }
            (targets[i], places[i]) = (at, positional + i);
        }
        for i in 0..names.len() {
            let (place, target) = (places[i], targets[i]);
            if place == target {
                continue;
            }
            let (here, there) = (&self.slots[place], &self.slots[target]);
            let value = here.take();
            here.set(there.replace(value));
            // Who stood there is here now.
            if let Some(moved) = places[i + 1..names.len()].iter_mut().find(|at| **at == target) {
                *moved = place;
            }
        }
        true
    }

    /// The same of any named arguments: they may stand where parameters belong, and are moved aside.
    #[inline(never)]
    fn move_aside(&self, registers: &[Value], positional: usize, names: &[Value]) -> Res<()> {
        let few = [const { Value::UNBOUND }; FEW];
        let mut many = None;
        let aside = &registers[positional..positional + names.len()];
        let values = if names.len() <= FEW {
            few.iter().zip(aside).for_each(|(slot, value)| drop(slot.replace(value.take())));
            &few[..names.len()]
        } else {
            let mut list = self.vm.vector(names.len())?;
            list.extend(aside.iter().map(Value::take));
            &many.insert(list)[..]
        };
        self.bind(registers, positional, values, names)
    }

    fn bind(&self, registers: &[Value], positional: usize, values: &[Value], names: &[Value]) -> Res<()> {
        let code = &self.code.code;
        let (argc, kwonly) = (code.arg_count as usize, code.kwonly_count as usize);
        let star = code.flags.intersects(CodeFlags::VARARGS);
        let stars = code.flags.intersects(CodeFlags::VARKEYWORDS);
        let extra = &registers[positional.min(argc)..positional];
        let mut too_many = None;
        if star {
            let tuple = self.vm.take_tuple(extra)?;
            self.slots[argc + kwonly].set(tuple);
        } else if !extra.is_empty() {
            let mut list = self.vm.vector(extra.len())?;
            list.extend(extra.iter().map(Value::take));
            too_many = Some(list);
        }
        let rest = argc + kwonly + usize::from(star);
        if stars {
            self.slots[rest].set(self.vm.new_dict()?.into_value());
        }
        if !names.is_empty() {
            self.named(values, names, stars.then_some(rest))?;
        }
        if too_many.is_some() {
            return Err(self.too_many(positional));
        }
        self.fill(positional)
    }

    /// Puts defaults where parameters have no argument.
    #[inline]
    fn fill(&self, positional: usize) -> Res<()> {
        if positional < self.code.code.arg_count as usize {
            self.defaults(positional)?;
        }
        if self.code.code.kwonly_count > 0 { self.keyword_defaults() } else { Ok(()) }
    }

    fn named(&self, values: &[Value], names: &[Value], kwargs: Option<usize>) -> Res<()> {
        let code = &self.code.code;
        let (posonly, named) = (code.posonly_count as usize, (code.arg_count + code.kwonly_count) as usize);
        for (name, value) in names.iter().zip(values) {
            if !name.has::<Str>() {
                return Err(self.vm.type_error("keywords must be strings"));
            }
            let find = |from: usize, to: usize| {
                let names = &self.code.locals[from..to];
                let same = names.iter().position(|n| n.word() == name.word());
                same.or_else(|| {
                    names
                        .iter()
                        .position(|n| n.get::<Str>().zip(name.get::<Str>()).is_some_and(|(a, b)| a.equals(b)))
                })
                .map(|at| at + from)
            };
            if let Some(at) = find(posonly, named) {
                if !self.slots[at].is_unbound() {
                    return Err(self.vm.type_error(format_args!(
                        "{}() got multiple values for argument '{}'",
                        self.name(),
                        self.param(at)
                    )));
                }
                self.slots[at].set(value.take());
                continue;
            }
            if let Some(dict) = kwargs.and_then(|at| self.slots[at].get::<Dict>()) {
                dict.set_name(self.vm, name, value.take())?;
                continue;
            }
            if find(0, posonly).is_some() {
                let shown: Vec<String> = names
                    .iter()
                    .filter(|n| {
                        self.code.locals[..posonly].iter().any(|p| self.vm.text(p) == self.vm.text(n))
                    })
                    .map(|n| self.vm.text(n).to_string())
                    .collect();
                return Err(self.vm.type_error(format_args!(
                    "{}() got some positional-only arguments passed as keyword arguments: '{}'",
                    self.name(),
                    shown.join(", ")
                )));
            }
            return Err(self.unexpected(name, posonly, named));
        }
        Ok(())
    }

    #[cold]
    fn unexpected(&self, name: &Value, from: usize, to: usize) -> Raised {
        let text = self.vm.text(name);
        let known: Vec<String> = (from..to).map(|at| self.param(at).to_string()).collect();
        let hint = crate::suggest::closest(&text, known.iter().map(String::as_str));
        let hint = hint.map_or(String::new(), |h| format!(". Did you mean '{h}'?"));
        self.vm
            .type_error(format_args!("{}() got an unexpected keyword argument '{text}'{hint}", self.name()))
    }

    #[cold]
    fn too_many(&self, given: usize) -> Raised {
        let code = &self.code.code;
        let argc = code.arg_count as usize;
        let defaults = self.function.defaults.get::<Tuple>().map_or(0, |t| t.items().len());
        let kwonly_given =
            (argc..argc + code.kwonly_count as usize).filter(|at| !self.slots[*at].is_unbound()).count();
        let (takes, plural) = if defaults > 0 {
            (format!("from {} to {argc}", argc as i64 - defaults as i64), true)
        } else {
            (argc.to_string(), argc != 1)
        };
        let extra = if kwonly_given > 0 {
            let s = |n: usize| if n == 1 { "" } else { "s" };
            format!(
                " positional argument{} (and {kwonly_given} keyword-only argument{})",
                s(given),
                s(kwonly_given)
            )
        } else {
            String::new()
        };
        self.vm.type_error(format_args!(
            "{}() takes {takes} positional argument{} but {given}{extra} {} given",
            self.name(),
            if plural { "s" } else { "" },
            if given == 1 && kwonly_given == 0 { "was" } else { "were" }
        ))
    }

    fn defaults(&self, positional: usize) -> Res<()> {
        let argc = self.code.code.arg_count as usize;
        let values = self.function.defaults.get::<Tuple>().map_or(&[][..], Tuple::items);
        let required = argc.saturating_sub(values.len());
        // Of too many, the last ones count.
        let more = values.len().saturating_sub(argc);
        if (positional..required).any(|at| self.slots[at].is_unbound()) {
            let missing = (positional..required).filter(|at| self.slots[*at].is_unbound());
            return Err(self.missing("positional", &missing.collect::<Vec<_>>()));
        }
        let from = positional.max(required);
        for (slot, value) in self.slots[from..argc].iter().zip(&values[more + from - required..]) {
            if slot.is_unbound() {
                slot.set(value.clone());
            }
        }
        Ok(())
    }

    fn keyword_defaults(&self) -> Res<()> {
        let code = &self.code.code;
        let argc = code.arg_count as usize;
        let mut missing = Vec::new();
        for at in argc..argc + code.kwonly_count as usize {
            if !self.slots[at].is_unbound() {
                continue;
            }
            let name = &self.code.locals[at];
            // Defaults stand in the order of their parameters, if all have one.
            let default = self.function.kwdefaults.get::<Dict>().and_then(|defaults| {
                defaults.entry_named((at - argc) as u32, name.word()).or_else(|| defaults.get_name(name))
            });
            match default {
                Some(value) => self.slots[at].set(value.clone()),
                None => missing.push(at),
            }
        }
        if missing.is_empty() { Ok(()) } else { Err(self.missing("keyword-only", &missing)) }
    }

    #[cold]
    fn missing(&self, kind: &str, names: &[usize]) -> Raised {
        self.vm.owe(names.len() as u64);
        let quoted =
            names.iter().map(|at| Ok(self.vm.text(&self.vm.repr(&self.code.locals[*at])?).to_string()));
        let quoted = match quoted.collect::<Res<Vec<String>>>() {
            Ok(quoted) => quoted,
            Err(raised) => return raised,
        };
        let list = match &quoted[..] {
            [one] => one.clone(),
            [one, two] => format!("{one} and {two}"),
            [rest @ .., last] => format!("{}, and {last}", rest.join(", ")),
            [] => String::new(),
        };
        let plural = if names.len() == 1 { "" } else { "s" };
        self.vm.type_error(format_args!(
            "{}() missing {} required {kind} argument{plural}: {list}",
            self.name(),
            names.len()
        ))
    }
}
