//! Prefixes and the namespaces that they are bound to.

use super::errors::Code;
use super::events::Event;
use super::machine::Machine;

const XML: &str = "http://www.w3.org/XML/1998/namespace";
const XMLNS: &str = "http://www.w3.org/2000/xmlns/";

/// Bindings of prefixes, the innermost last; an empty prefix is for names without one.
pub struct Namespaces {
    /// What stands between a namespace and a name; nothing for nothing.
    separator: Option<char>,
    /// Names have their prefix, too.
    pub prefixes: bool,
    bindings: Vec<(String, Option<String>)>,
}

impl Namespaces {
    pub fn new(separator: Option<char>) -> Namespaces {
        let bindings = vec![("xml".to_string(), Some(XML.to_string()))];
        Namespaces { separator, prefixes: false, bindings }
    }
    /// The same for an external entity: with the bindings that hold there.
    pub fn inherit(&self) -> Namespaces {
        Namespaces {
            separator: self.separator,
            prefixes: self.prefixes,
            bindings: self.bindings.iter().take(1).cloned().collect(),
        }
    }
    pub fn len(&self) -> usize {
        self.bindings.len()
    }
    fn uri(&self, prefix: &str) -> Option<&str> {
        let found = self.bindings.iter().rev().find(|(bound, _)| bound == prefix);
        found.and_then(|(_, uri)| uri.as_deref())
    }
    /// The bindings that hold, each once, as a context tells them.
    pub fn context(&self) -> Vec<String> {
        let holds = |at: usize| !self.bindings[at + 1..].iter().any(|(prefix, _)| *prefix == self.bindings[at].0);
        let mut shown: Vec<usize> = (0..self.bindings.len()).filter(|&at| holds(at)).collect();
        shown.sort_by_key(|&at| !self.bindings[at].0.is_empty());
        shown
            .into_iter()
            .filter_map(|at| {
                let (prefix, uri) = &self.bindings[at];
                uri.as_ref().map(|uri| format!("{prefix}={uri}"))
            })
            .collect()
    }
    /// Takes a binding over from a context.
    pub fn restore(&mut self, prefix: &str, uri: &str) {
        if prefix != "xml" {
            self.bindings.push((prefix.to_string(), Some(uri.to_string())));
        }
    }
    /// Binds a prefix.
    fn bind(&mut self, prefix: &str, uri: &str) -> Result<(), Code> {
        match prefix {
            "xmlns" => return Err(Code::ReservedXmlns),
            "xml" if uri != XML => return Err(Code::ReservedXml),
            "xml" => {}
            _ if !prefix.is_empty() && uri.is_empty() => return Err(Code::UndeclaringPrefix),
            _ if uri == XML || uri == XMLNS => return Err(Code::ReservedUri),
            _ => {}
        }
        let allowed = |c: char| c.is_ascii_alphanumeric() || "%-._~:/?#[]@!$&'()*+,;=".contains(c);
        if let Some(separator) = self.separator
            && !allowed(separator)
            && uri.contains(separator)
        {
            return Err(Code::Syntax);
        }
        let uri = (!uri.is_empty()).then(|| uri.to_string());
        self.bindings.push((prefix.to_string(), uri));
        Ok(())
    }
    /// A name with its namespace in the place of its prefix; nothing if that is unbound.
    fn expand(&self, name: &str, is_attribute: bool) -> Option<String> {
        let (prefix, local) = match name.split_once(':') {
            Some((prefix, local)) => (prefix, local),
            None if is_attribute => return Some(name.to_string()),
            None => ("", name),
        };
        let Some(uri) = self.uri(prefix) else {
            return prefix.is_empty().then(|| name.to_string());
        };
        let mut made = uri.to_string();
        made.extend(self.separator);
        made.push_str(local);
        if let (true, false, Some(separator)) = (self.prefixes, prefix.is_empty(), self.separator) {
            made.push(separator);
            made.push_str(prefix);
        }
        Some(made)
    }
}

impl Machine {
    /// Binds what the attributes of an element bind and takes those away, and expands the names: the element's name, and how many of the
    /// attributes that are left were specified.
    pub fn expand_names(
        &mut self,
        name: &str,
        attributes: &mut Vec<(String, String)>,
        specified: usize,
    ) -> Result<(String, usize), Code> {
        let mut left = specified;
        let Some(mut namespaces) = self.namespaces.take() else { return Ok((name.to_string(), left)) };
        let done = (|| {
            let mut kept = Vec::with_capacity(attributes.len());
            for (at, (name, value)) in std::mem::take(attributes).into_iter().enumerate() {
                let prefix = match name.strip_prefix("xmlns") {
                    Some("") => "",
                    Some(rest) if rest.starts_with(':') => &rest[1..],
                    _ => {
                        kept.push((name, value));
                        continue;
                    }
                };
                left -= usize::from(at < specified);
                namespaces.bind(prefix, &value)?;
                let of = |text: &str| (!text.is_empty()).then(|| text.to_string());
                self.queue(Event::StartNamespace { prefix: of(prefix), uri: of(&value) }, None);
            }
            let mut expanded = std::collections::HashSet::new();
            for (name, _) in &mut kept {
                if name.contains(':') {
                    *name = namespaces.expand(name, true).ok_or(Code::UnboundPrefix)?;
                    if !expanded.insert(name.clone()) {
                        return Err(Code::DuplicateAttribute);
                    }
                }
            }
            *attributes = kept;
            namespaces.expand(name, false).ok_or(Code::UnboundPrefix)
        })();
        self.namespaces = Some(namespaces);
        done.map(|name| (name, left))
    }
    /// Lets go of the bindings of an element, the last first.
    pub fn unbind(&mut self, len: usize) {
        while let Some(namespaces) = self.namespaces.as_mut().filter(|namespaces| namespaces.len() > len) {
            let Some((prefix, _)) = namespaces.bindings.pop() else { return };
            let prefix = (!prefix.is_empty()).then_some(prefix);
            self.queue(Event::EndNamespace { prefix }, None);
        }
    }
}
