//! Structured control flow over a [`FunctionBuilder`].
//!
//! A *context* is a construct around the current statement that a jump out of it must honour. An
//! *exit* is a way in which control leaves a context. A `finally` suite is lowered once: every exit
//! that enters it is recorded, and its end is a [`Terminator::Choice`] over them.

use assay_index::Idx;
use assay_ir::{BlockId, Function, FunctionBuilder, Op, Terminator, Value, Variable};
use assay_text::Span;
use std::ops::{Deref, DerefMut};

/// A function under construction with the contexts around the current statement.
pub struct Body {
    builder: FunctionBuilder,
    contexts: Vec<Context>,
    next_variable: usize,
    return_variable: Option<Variable>,
}

enum Context {
    Loop { break_to: BlockId, continue_to: BlockId },
    Resource { manager: Value, is_async: bool, span: Span },
    Finally { entry: BlockId, exits: Exits },
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Exit {
    Next,
    Return,
    Break,
    Continue,
    Raise,
}

const EXITS: [Exit; 5] = [Exit::Next, Exit::Return, Exit::Break, Exit::Continue, Exit::Raise];

#[derive(Clone, Copy, Default)]
struct Exits(u8);

impl Exits {
    fn insert(&mut self, exit: Exit) {
        self.0 |= 1 << exit as u8;
    }

    fn iter(self) -> impl Iterator<Item = Exit> {
        EXITS.into_iter().filter(move |e| self.0 & (1 << *e as u8) != 0)
    }
}

/// A loop whose body is being lowered.
#[must_use]
#[derive(Clone, Copy)]
pub struct Loop {
    /// Where each round begins.
    pub header: BlockId,
    /// Where `break` leads.
    pub exit: BlockId,
}

/// A region whose exceptions lead to `handler`.
#[must_use]
pub struct Catch {
    /// The block that is entered with the exception; to be sealed when the region ends.
    pub handler: BlockId,
    outer: Option<BlockId>,
}

/// A region with a `finally` suite that is still to come.
#[must_use]
pub struct Finally {
    entry: BlockId,
    exception: BlockId,
    outer: Option<BlockId>,
    exits: Exits,
}

impl Deref for Body {
    type Target = FunctionBuilder;
    fn deref(&self) -> &FunctionBuilder {
        &self.builder
    }
}

impl DerefMut for Body {
    fn deref_mut(&mut self) -> &mut FunctionBuilder {
        &mut self.builder
    }
}

impl Body {
    /// An empty body. Variables below `variables` belong to the front end.
    pub fn new(function: Function, variables: usize) -> Self {
        Self {
            builder: FunctionBuilder::new(function),
            contexts: Vec::new(),
            next_variable: variables,
            return_variable: None,
        }
    }

    /// The finished function.
    pub fn finish(self) -> Function {
        self.builder.finish()
    }

    /// A variable that no source name stands for.
    pub fn fresh_variable(&mut self) -> Variable {
        self.next_variable += 1;
        Variable::new(self.next_variable - 1)
    }

    /// Goes on in a new block with the handler now in force.
    fn enter_block(&mut self) {
        self.builder.split();
    }

    /// Begins a loop: goes on in its header, which is not sealed.
    pub fn begin_loop(&mut self) -> Loop {
        let (header, exit) = (self.new_block(), self.new_block());
        self.goto(header);
        self.switch_to(header);
        self.contexts.push(Context::Loop { break_to: exit, continue_to: header });
        Loop { header, exit }
    }

    /// Ends the body of a loop: back to its header. An `else` suite can follow, in a block of its own;
    /// [`close_loop`](Self::close_loop) comes last.
    pub fn end_loop_body(&mut self, the_loop: Loop) {
        self.goto(the_loop.header);
        self.seal(the_loop.header);
        self.contexts.pop();
    }

    /// Goes on behind a loop; the current block leads there too.
    pub fn close_loop(&mut self, the_loop: Loop) {
        self.goto(the_loop.exit);
        self.seal(the_loop.exit);
        self.switch_to(the_loop.exit);
    }

    /// Begins a region that releases `manager` however control leaves it, exceptions apart.
    pub fn begin_resource(&mut self, manager: Value, is_async: bool, span: Span) {
        self.contexts.push(Context::Resource { manager, is_async, span });
    }

    /// Ends the innermost resource's region and releases it.
    pub fn end_resource(&mut self) {
        if let Some(Context::Resource { manager, is_async, span }) = self.contexts.pop() {
            self.release(manager, is_async, span);
        }
    }

    /// Releases a resource here.
    pub fn release(&mut self, manager: Value, is_async: bool, span: Span) {
        let value = self.push(Op::Exit(manager), span);
        if is_async {
            self.push(Op::Await(value), span);
        }
    }

    /// Begins a region whose exceptions are caught.
    pub fn begin_catch(&mut self) -> Catch {
        let outer = self.handler();
        let handler = self.new_block();
        self.set_handler(Some(handler));
        self.enter_block();
        Catch { handler, outer }
    }

    /// Ends a region whose exceptions are caught; goes on in a block outside of it. Nothing else leads
    /// to the handler, which is sealed.
    pub fn end_catch(&mut self, catch: &Catch) {
        self.set_handler(catch.outer);
        self.enter_block();
        self.seal(catch.handler);
    }

    /// Begins a region with a `finally` suite.
    pub fn begin_finally(&mut self) -> Finally {
        let outer = self.handler();
        let (entry, exception) = (self.new_block(), self.new_block());
        self.set_handler(Some(exception));
        self.enter_block();
        self.contexts.push(Context::Finally { entry, exits: Exits::default() });
        Finally { entry, exception, outer, exits: Exits::default() }
    }

    /// Ends the region of a `finally`; goes on at the start of the suite, or in a dead block when
    /// nothing enters it.
    pub fn enter_finally(&mut self, finally: &mut Finally) {
        let dead = self.is_dead();
        if let Some(Context::Finally { exits, .. }) = self.contexts.pop() {
            finally.exits = exits;
        }
        self.goto(finally.entry);
        if !dead {
            finally.exits.insert(Exit::Next);
        }
        self.set_handler(finally.outer);
        self.seal(finally.exception);
        self.switch_to(finally.exception);
        if !self.is_dead() {
            finally.exits.insert(Exit::Raise);
        }
        self.goto(finally.entry);
        self.seal(finally.entry);
        self.switch_to(finally.entry);
    }

    /// Ends a `finally` suite: control goes on wherever it was going.
    pub fn leave_finally(&mut self, finally: &Finally) {
        if self.is_dead() {
            return;
        }
        let exits: Vec<Exit> = finally.exits.iter().collect();
        let targets: Vec<BlockId> = if let [_] = exits[..] {
            vec![self.current()]
        } else {
            let targets: Vec<BlockId> = exits.iter().map(|_| self.new_block()).collect();
            self.terminate(Terminator::Choice(targets.clone()));
            for target in &targets {
                self.seal(*target);
            }
            targets
        };
        let mut next = None;
        for (exit, block) in exits.into_iter().zip(targets) {
            self.switch_to(block);
            match exit {
                Exit::Next => next = Some(block),
                Exit::Raise => self.terminate(Terminator::Raise(None)),
                Exit::Return => {
                    let variable = self.return_variable();
                    let value = self.read(variable);
                    self.leave(Exit::Return, Some(value));
                }
                Exit::Break | Exit::Continue => self.leave(exit, None),
            }
        }
        match next {
            Some(block) => self.switch_to(block),
            None => self.start_dead(),
        }
    }

    fn return_variable(&mut self) -> Variable {
        if let Some(variable) = self.return_variable {
            return variable;
        }
        let variable = self.fresh_variable();
        self.return_variable = Some(variable);
        variable
    }

    /// Leaves the function with a result; goes on in a dead block.
    pub fn return_value(&mut self, value: Value) {
        self.leave(Exit::Return, Some(value));
        self.start_dead();
    }

    /// Leaves the innermost loop; goes on in a dead block.
    pub fn break_loop(&mut self) {
        self.leave(Exit::Break, None);
        self.start_dead();
    }

    /// Begins the next round of the innermost loop; goes on in a dead block.
    pub fn continue_loop(&mut self) {
        self.leave(Exit::Continue, None);
        self.start_dead();
    }

    /// Raises; goes on in a dead block.
    pub fn raise(&mut self, value: Option<Value>) {
        self.terminate(Terminator::Raise(value));
        self.start_dead();
    }

    /// Ends the current block by way of the contexts around it. A jump without its loop ends nowhere.
    fn leave(&mut self, exit: Exit, value: Option<Value>) {
        let mut at = self.contexts.len();
        while at > 0 {
            at -= 1;
            match &mut self.contexts[at] {
                Context::Finally { entry, exits } => {
                    let entry = *entry;
                    if !self.builder.is_dead() {
                        exits.insert(exit);
                    }
                    if let Some(value) = value {
                        let variable = self.return_variable();
                        self.define(variable, value);
                    }
                    self.goto(entry);
                    return;
                }
                Context::Resource { manager, is_async, span } => {
                    let (manager, is_async, span) = (*manager, *is_async, *span);
                    self.release(manager, is_async, span);
                }
                Context::Loop { break_to, continue_to } => {
                    let to = match exit {
                        Exit::Break => *break_to,
                        Exit::Continue => *continue_to,
                        Exit::Next | Exit::Return | Exit::Raise => continue,
                    };
                    self.goto(to);
                    return;
                }
            }
        }
        self.terminate(value.map_or(Terminator::Unreachable, Terminator::Return));
    }
}
