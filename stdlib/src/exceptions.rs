//! Families of exceptions that a module makes when it is imported, and finds by their names then.

use ryokan_vm::native::*;

/// A class: its name, its bases, which are of the family or builtins, and what it is about.
pub type Row = (&'static str, &'static [&'static str], Option<&'static str>);

/// A family: the module that its classes say they are of, and the classes, bases first.
pub struct Family {
    pub module: &'static str,
    pub rows: &'static [Row],
}

impl Family {
    /// Makes the classes: a dict of them by name. `adorn` may add to what a class of a name has. Runs Python; `MemoryError`.
    pub fn make(&self, cx: &Cx, adorn: impl Fn(&str, &Dict) -> Res<()>) -> Res<Dict> {
        let made = Dict::new(cx)?;
        let kind = cx.builtin("type")?;
        for (name, bases, about) in self.rows {
            let bases = Tuple::try_from_fn(cx, bases.len(), |at| match made.get_str(cx, bases[at])? {
                Some(base) => Ok(base),
                None => cx.builtin(bases[at]),
            })?;
            let names = Dict::new(cx)?;
            names.set_str(cx, "__module__", self.module)?;
            if let Some(about) = about {
                names.set_str(cx, "__doc__", *about)?;
            }
            adorn(name, &names)?;
            let class = cx.call(&kind, (*name, bases.into_value(), names.into_value()))?;
            made.set_str(cx, name, class)?;
        }
        Ok(made)
    }
    /// Adds the classes to a module, and keeps them by name.
    pub fn fill(&self, module: &Filler<'_>, made: Dict, kept: &Slot) -> Res<()> {
        for (name, ..) in self.rows {
            if let Some(class) = made.get_str(module.cx(), name)? {
                module.add(name, class)?;
            }
        }
        kept.set(made.into_value());
        Ok(())
    }
    /// The class of a name among those that were kept. `SystemError` if there is none.
    pub fn class(&self, cx: &Cx, kept: &Slot, name: &str) -> Res {
        let found = match kept.dict() {
            Some(kept) => kept.get_str(cx, name)?,
            None => None,
        };
        found.ok_or(()).map_err(|()| cx.system_error(format_args!("{}.{name} was not made", self.module)))
    }
}
