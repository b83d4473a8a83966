//! Slots as a map shows them: what is in use adds up to what the heap counts.

use ryokan_alloc::{ARENA_BYTES, Config, Header, HeaderFlags, Heap, SLOT_BYTES, ShapeId};

#[test]
fn views_add_up() {
    let mut heap = Heap::new(Config::default());
    let mut blocks = Vec::new();
    for at in 0..5000usize {
        let bytes = 16 + at % 7 * 24;
        let block = heap.alloc_object(bytes).expect("there is memory");
        // SAFETY: the block is that long.
        unsafe { block.cast::<Header>().write(Header::new(ShapeId::new(1), HeaderFlags::empty(), 1)) };
        blocks.push((block, bytes));
    }
    let buffers: Vec<_> = (0..900).map(|at| (heap.alloc_buffer(8 + at).expect("memory"), 8 + at)).collect();
    let large = heap.alloc_buffer(3 << 20).expect("there is memory");
    for (at, (block, bytes)) in blocks.iter().enumerate().filter(|(at, _)| at % 3 == 0) {
        // SAFETY: each is freed once, with its size.
        unsafe { heap.free_object(*block, *bytes) };
        let _ = at;
    }
    for (block, bytes) in buffers.iter().step_by(2) {
        // SAFETY: as above.
        unsafe { heap.free_buffer(*block, *bytes) };
    }
    let stats = heap.stats();
    let (mut used, mut pools, mut charged, mut apart) = (0, 0, 0, 0);
    heap.each_slot(&mut |slot, blocks| {
        charged += slot.charged;
        if !slot.pool {
            apart += slot.used;
            return;
        }
        assert_eq!(slot.address % SLOT_BYTES, 0);
        assert!(slot.first_block > slot.address && slot.extended <= slot.capacity);
        let blocks = blocks();
        assert_eq!(blocks.len(), slot.capacity);
        assert_eq!(blocks.iter().filter(|used| **used).count(), slot.used, "{slot:?}");
        used += slot.used;
        pools += 1;
    });
    let classes = stats.objects.iter().chain(&stats.buffers);
    assert_eq!((used, pools), (classes.map(|class| class.used).sum(), stats.pools()));
    assert_eq!((charged, apart), (stats.used_bytes, stats.large_blocks));
    let mut arenas = 0;
    heap.each_arena(&mut |arena| {
        assert_eq!(arena.address % ARENA_BYTES, 0);
        assert_eq!(arena.kept & !arena.free, 0);
        arenas += 1;
    });
    assert_eq!(arenas, stats.arenas);
    // SAFETY: it is freed once.
    unsafe { heap.free_buffer(large, 3 << 20) };
}
