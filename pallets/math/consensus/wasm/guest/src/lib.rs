//! Measured cases for a wasm host: `prepare` a case by number, then `run` it as often as needed.
//!
//! The allocator rounds every request up to a power of two and refuses more than 32 MiB, as the
//! allocator of the node does, and reports its peak.
#![no_std]

extern crate alloc;

#[path = "../../../benches/cases.rs"]
#[allow(
    unreachable_pub,
    dead_code,
    reason = "shared with the native measurements"
)]
mod cases;

use alloc::boxed::Box;
use core::alloc::{GlobalAlloc, Layout};
use core::cell::UnsafeCell;
use core::ptr;

use yuma_consensus::Scratch;

const CLASSES: usize = 33;
const LARGEST: usize = 32 << 20;
const PAGE: usize = 65_536;

/// Free lists of blocks of `2^class` bytes, and the fresh memory behind them.
struct Heap {
    free: [*mut u8; CLASSES],
    next: usize,
    end: usize,
    start: usize,
    largest: usize,
}

struct Allocator(UnsafeCell<Heap>);

// SAFETY: the module runs on one thread.
unsafe impl Sync for Allocator {}

fn class(layout: Layout) -> usize {
    layout
        .size()
        .max(layout.align())
        .max(16)
        .next_power_of_two()
        .trailing_zeros() as usize
}

// SAFETY: blocks of a class are disjoint, as large as the class, and aligned to 16 or, above, to
// their size.
unsafe impl GlobalAlloc for Allocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: one thread, and no reference to the heap outlives a call.
        let heap = unsafe { &mut *self.0.get() };
        let class = class(layout);
        let size = 1_usize << class;
        if size > LARGEST {
            return ptr::null_mut();
        }
        heap.largest = heap.largest.max(layout.size());
        let head = heap.free[class];
        if !head.is_null() {
            // SAFETY: a free block holds the address of the next one.
            heap.free[class] = unsafe { *head.cast::<*mut u8>() };
            return head;
        }
        if heap.next == 0 {
            heap.start = core::arch::wasm32::memory_size::<0>() * PAGE;
            heap.next = heap.start;
            heap.end = heap.start;
        }
        let align = layout.align().max(16);
        let place = (heap.next + align - 1) & !(align - 1);
        let next = place + size;
        if next > heap.end {
            let pages = (next - heap.end).div_ceil(PAGE);
            if core::arch::wasm32::memory_grow::<0>(pages) == usize::MAX {
                return ptr::null_mut();
            }
            heap.end += pages * PAGE;
        }
        heap.next = next;
        place as *mut u8
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: as in `alloc`; the block is at least 16 bytes and is not used any more.
        unsafe {
            let heap = &mut *self.0.get();
            let class = class(layout);
            *block.cast::<*mut u8>() = heap.free[class];
            heap.free[class] = block;
        }
    }
}

#[global_allocator]
static ALLOCATOR: Allocator = Allocator(UnsafeCell::new(Heap {
    free: [ptr::null_mut(); CLASSES],
    next: 0,
    end: 0,
    start: 0,
    largest: 0,
}));

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

struct State(UnsafeCell<Option<Box<cases::Subnet>>>);

// SAFETY: the module runs on one thread.
unsafe impl Sync for State {}

static STATE: State = State(UnsafeCell::new(None));

struct Warm(UnsafeCell<Option<Scratch>>);

// SAFETY: the module runs on one thread.
unsafe impl Sync for Warm {}

static WARM: Warm = Warm(UnsafeCell::new(None));

/// Builds a case; 1 if it exists and is valid.
#[unsafe(no_mangle)]
extern "C" fn prepare(index: u32) -> u32 {
    let subnet = cases::all()
        .nth(index as usize)
        .and_then(|case| cases::Subnet::new(&case).ok());
    // SAFETY: one thread, and no reference to the state is alive.
    unsafe {
        *WARM.0.get() = None;
        *STATE.0.get() = subnet.map(Box::new);
        u32::from((*STATE.0.get()).is_some())
    }
}

/// Number of entries: weights in the low half, bonds in the high half.
#[unsafe(no_mangle)]
extern "C" fn entries() -> u64 {
    // SAFETY: one thread.
    let Some(subnet) = (unsafe { &*STATE.0.get() }) else {
        return 0;
    };
    let input = subnet.input();
    input.weights.entries().len() as u64 | (input.bonds.entries().len() as u64) << 32
}

/// Runs the epoch, with the memory of the previous run if `warm`; a sum of its results.
#[unsafe(no_mangle)]
extern "C" fn run(warm: u32) -> u64 {
    // SAFETY: one thread, and no other reference is alive.
    let (state, scratch) = unsafe { (&*STATE.0.get(), &mut *WARM.0.get()) };
    let Some(subnet) = state else { return 0 };
    if warm == 0 {
        *scratch = None;
    }
    let output = subnet.run(scratch.get_or_insert_with(Scratch::new));
    output.map_or(0, |output| {
        output.emission.iter().fold(0, |sum: u64, amount| {
            sum.wrapping_mul(31).wrapping_add(*amount)
        })
    })
}

/// Bytes of heap taken so far, and the largest request, in the low and the high half.
#[unsafe(no_mangle)]
extern "C" fn heap() -> u64 {
    // SAFETY: one thread.
    let heap = unsafe { &*ALLOCATOR.0.get() };
    (heap.next - heap.start) as u64 | (heap.largest as u64) << 32
}
