//! Memory for one call.
//!
//! A host gives each call a fresh instance and throws it away afterwards, so what a call allocates need not be given back. The
//! first [`SIZE`] bytes come from memory that an instance has from the beginning; what goes beyond is left to the standard
//! allocator, which asks the host for more. Asking costs the host a change of its page tables, which every thread of it waits
//! for: calls that ask for nothing run beside each other without a common lock.
#![allow(
    unsafe_code,
    reason = "an allocator hands out raw memory; what holds is said where it is used"
)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::{Cell, UnsafeCell};

/// Bytes of the arena: several times what a webhook of some kilobytes needs.
const SIZE: usize = 512 * 1_024;

#[repr(align(16))]
struct Memory(UnsafeCell<[u8; SIZE]>);

struct Arena {
    memory: Memory,
    /// Bytes that were given out; everything after them is free.
    used: Cell<usize>,
}

// SAFETY: a guest has one thread.
unsafe impl Sync for Arena {}

#[global_allocator]
static ARENA: Arena = Arena {
    memory: Memory(UnsafeCell::new([0; SIZE])),
    used: Cell::new(0),
};

impl Arena {
    fn base(&self) -> *mut u8 {
        self.memory.0.get().cast()
    }

    /// Where in the arena an address is.
    fn place(&self, address: *mut u8) -> Option<usize> {
        let place = (address as usize).wrapping_sub(self.base() as usize);
        (place < SIZE).then_some(place)
    }

    /// Whether a piece is the last that was given out: only that one can grow, or be taken back.
    fn is_last(&self, place: usize, size: usize) -> bool {
        place + size == self.used.get()
    }
}

// SAFETY: pieces lie within `memory`, do not overlap (each begins at or after `used`, which then moves behind it) and are aligned as
// asked; `memory` is static, so that an address means the same for ever. What does not fit goes to the standard allocator, and
// comes back to it, since its addresses are outside `memory`.
unsafe impl GlobalAlloc for Arena {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let base = self.base() as usize;
        let begin = (base + self.used.get()).next_multiple_of(layout.align()) - base;
        match begin.checked_add(layout.size()) {
            Some(end) if end <= SIZE => {
                self.used.set(end);
                // SAFETY: `begin` lies within the arena.
                unsafe { self.base().add(begin) }
            }
            // SAFETY: the caller's promises are passed on.
            _ => unsafe { System.alloc(layout) },
        }
    }

    unsafe fn dealloc(&self, address: *mut u8, layout: Layout) {
        match self.place(address) {
            Some(place) if self.is_last(place, layout.size()) => self.used.set(place),
            Some(_) => {}
            // SAFETY: it is not of the arena, so it is of the standard allocator.
            None => unsafe { System.dealloc(address, layout) },
        }
    }

    unsafe fn realloc(&self, address: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let Some(place) = self.place(address) else {
            // SAFETY: it is not of the arena, so it is of the standard allocator.
            return unsafe { System.realloc(address, layout, size) };
        };
        if size <= layout.size() {
            if self.is_last(place, layout.size()) {
                self.used.set(place + size);
            }
            return address;
        }
        if self.is_last(place, layout.size()) && place.checked_add(size).is_some_and(|end| end <= SIZE) {
            self.used.set(place + size);
            return address;
        }
        // SAFETY: the size is not zero, as the caller promises, and the alignment is that of a valid layout.
        let wanted = unsafe { Layout::from_size_align_unchecked(size, layout.align()) };
        // SAFETY: the new piece is as large as the old one at least, and another one.
        unsafe {
            let moved = self.alloc(wanted);
            if !moved.is_null() {
                std::ptr::copy_nonoverlapping(address, moved, layout.size());
            }
            moved
        }
    }
}
