//! The blocks that `break`, `continue` and `return` leave, and what leaving each takes.

use ryokan_bytecode::{Const, Op};

use super::names::Use;
use super::{Emit, HandlerId, Label};
use crate::cx::{R, syntax};
use crate::tree::*;

/// Most blocks inside each other, as in CPython.
const MAX_BLOCKS: usize = 21;

/// Which block.
#[derive(Clone, Copy)]
pub enum BlockKind<'a> {
    /// `while`
    While,
    /// `for`, `async for`: the iterator is on the stack.
    For,
    /// The body of `try` with handlers.
    Try,
    /// The body of `try` with `finally`.
    FinallyTry(&'a [Stmt<'a>]),
    /// A `finally` that handles an exception: it and the previous one are on the stack.
    FinallyEnd,
    /// `with`; `async with`.
    With(Span, bool),
    /// An `except` body, and its name: the previous exception is on the stack.
    Handler(Option<Sym>),
    /// The handlers of `except*`.
    Group,
    /// A value to be returned lies below what follows.
    Value,
}

/// A block and where its loop goes.
#[derive(Clone, Copy)]
pub struct Block<'a> {
    /// Which.
    pub kind: BlockKind<'a>,
    /// Who handles exceptions outside of it.
    pub outer: HandlerId,
    /// Where `continue` goes.
    pub again: Label,
    /// Where `break` goes.
    pub exit: Label,
}

impl<'c, 'a> Emit<'c, 'a> {
    /// Enters a block.
    pub(crate) fn push_block(&mut self, kind: BlockKind<'a>, outer: HandlerId, again: Label, exit: Label) {
        self.unit.blocks.push(Block { kind, outer, again, exit });
    }

    /// Refuses blocks nested as deeply as CPython refuses them.
    pub(crate) fn check_blocks(&self, span: Span) -> R<()> {
        // The body of a generator or coroutine is a block itself.
        let scope = self.scope();
        let own = usize::from(scope.generator || scope.coroutine);
        if self.unit.blocks.len() + self.unit.unlisted_blocks + own >= MAX_BLOCKS {
            return syntax(span, "too many statically nested blocks");
        }
        Ok(())
    }

    /// Leaves one block; with `keep`, the top of the stack stays the top.
    fn unwind(&mut self, block: Block<'a>, keep: bool, span: Span) -> R<()> {
        self.unit.handler = block.outer;
        match block.kind {
            BlockKind::While | BlockKind::Try | BlockKind::Group => Ok(()),
            BlockKind::For | BlockKind::Value => self.pop_under(keep, span),
            BlockKind::FinallyTry(finals) => {
                if keep {
                    let label = Label(0);
                    self.push_block(BlockKind::Value, block.outer, label, label);
                }
                self.stmts(finals)?;
                if keep {
                    self.unit.blocks.pop();
                }
                self.unit.handler = block.outer;
                Ok(())
            }
            BlockKind::FinallyEnd => {
                self.pop_under(keep, span)?;
                if keep {
                    self.op(span, Op::Swap, 2)?;
                }
                self.op(span, Op::PopExcept, 0)
            }
            BlockKind::With(at, is_async) => {
                if keep {
                    self.op(at, Op::Swap, 3)?;
                    self.op(at, Op::Swap, 2)?;
                }
                self.exit_with_nones(at)?;
                if is_async {
                    self.op(at, Op::GetAwaitable, 2)?;
                    self.none(at)?;
                    self.send_loop(at, true)?;
                }
                self.op(at, Op::PopTop, 0)
            }
            BlockKind::Handler(name) => {
                if keep {
                    self.op(span, Op::Swap, 2)?;
                }
                self.op(span, Op::PopExcept, 0)?;
                self.forget(name)
            }
        }
    }

    fn pop_under(&mut self, keep: bool, span: Span) -> R<()> {
        if keep {
            self.op(span, Op::Swap, 2)?;
        }
        self.op(span, Op::PopTop, 0)
    }

    /// Unbinds the name of an exception that has been handled.
    pub(crate) fn forget(&mut self, name: Option<Sym>) -> R<()> {
        let Some(name) = name else { return Ok(()) };
        self.none(Span::NONE)?;
        self.name(Span::NONE, name, Use::Store)?;
        self.name(Span::NONE, name, Use::Delete)
    }

    /// Leaves blocks from the inmost, until `stop` says that one is the goal; gives that one, and where what follows is from: nowhere,
    /// once a `finally` or the end of a `with` has run on the way.
    fn unwind_until(
        &mut self,
        keep: bool,
        mut span: Span,
        stop: impl Fn(&Block<'a>) -> bool,
    ) -> R<(Option<Block<'a>>, Span)> {
        let saved = self.unit.handler;
        let mut left = Vec::new();
        let mut found = None;
        while let Some(block) = self.unit.blocks.pop() {
            if stop(&block) {
                found = Some(block);
                self.unit.blocks.push(block);
                break;
            }
            left.push(block);
            if let BlockKind::Group = block.kind {
                return syntax(span, "'break', 'continue' and 'return' cannot appear in an except* block");
            }
            self.unwind(block, keep, span)?;
            if matches!(block.kind, BlockKind::FinallyTry(_) | BlockKind::With(..)) {
                span = Span::NONE;
            }
        }
        self.unit.blocks.extend(left.into_iter().rev());
        // What the way out has emitted belongs to outer handlers; what follows, to the current one again.
        self.after_unwind = saved;
        Ok((found, span))
    }

    /// `return value`
    pub(crate) fn return_stmt(&mut self, value: Option<E<'a>>, span: Span) -> R<()> {
        if !self.scope().kind.is_function_like() {
            return syntax(span, "'return' outside function");
        }
        if value.is_some() && self.scope().generator && self.scope().coroutine {
            return syntax(span, "'return' with value in async generator");
        }
        let constant = match value.map(|v| &v.kind) {
            None => Some(Const::None),
            Some(Kind::Const(id)) => Some(self.cx.value(*id)),
            Some(_) => None,
        };
        if let (Some(value), None) = (value, &constant) {
            self.expr(value)?;
        } else {
            self.op(span, Op::Nop, 0)?;
        }
        let (_, span) = self.unwind_until(constant.is_none(), span, |_| false)?;
        if let Some(constant) = constant {
            self.constant(span, constant)?;
        }
        self.op(span, Op::ReturnValue, 0)?;
        self.unit.handler = self.after_unwind;
        Ok(())
    }

    /// `break`, or `continue`.
    pub(crate) fn leave_loop(&mut self, span: Span, again: bool) -> R<()> {
        self.op(span, Op::Nop, 0)?;
        let is_loop = |block: &Block<'a>| matches!(block.kind, BlockKind::While | BlockKind::For);
        let (Some(block), span) = self.unwind_until(false, span, is_loop)? else {
            return syntax(
                span,
                if again { "'continue' not properly in loop" } else { "'break' outside loop" },
            );
        };
        if again {
            self.jump(span, Op::JumpForward, block.again)?;
        } else {
            if let BlockKind::For = block.kind {
                self.unit.handler = block.outer;
                self.op(span, Op::PopTop, 0)?;
            }
            self.jump(span, Op::JumpForward, block.exit)?;
        }
        self.unit.handler = self.after_unwind;
        Ok(())
    }
}
