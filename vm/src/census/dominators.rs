//! Dominators of a graph that a depth-first walk has numbered.
//!
//! A node *dominates* another if every way from the root to that one leads through it. Of objects: if it went, the other would go.
//! The algorithm is Semi-NCA (Georgiadis): semidominators by the ways that end in a node, over the walk's tree with compressed paths, then
//! the nearest common ancestor of parent and semidominator. It takes time about linear in nodes and edges, and four numbers a node.

/// The tree of the walk, and the edges that are not of it.
#[derive(Default)]
pub struct Walk {
    /// By the number of a node, in the order in which the walk came to them: who led to it. That of the root, 0, means nothing.
    pub parents: Vec<u32>,
    /// Other edges: to, from.
    pub edges: Vec<(u32, u32)>,
}

/// The edges by where they lead.
struct Into {
    first: Vec<u32>,
    from: Vec<u32>,
}

/// Makes room for a table, or nothing.
fn table(len: usize, fill: impl Fn(usize) -> u32) -> Option<Vec<u32>> {
    let mut table = Vec::new();
    table.try_reserve_exact(len).ok()?;
    table.extend((0..len).map(fill));
    Some(table)
}

impl Into {
    fn of(nodes: usize, edges: Vec<(u32, u32)>) -> Option<Into> {
        let mut first = table(nodes + 1, |_| 0)?;
        for (to, _) in &edges {
            first[*to as usize + 1] += 1;
        }
        for at in 1..first.len() {
            first[at] += first[at - 1];
        }
        let mut from = table(edges.len(), |_| 0)?;
        // Each place is moved on as it is filled, and so back by one node at the end.
        for (to, node) in edges {
            from[first[to as usize] as usize] = node;
            first[to as usize] += 1;
        }
        first.copy_within(0..nodes, 1);
        first[0] = 0;
        Some(Into { first, from })
    }
    fn of_node(&self, node: usize) -> &[u32] {
        &self.from[self.first[node] as usize..self.first[node + 1] as usize]
    }
}

/// The forest of nodes that were looked at, with compressed paths.
struct Forest {
    ancestors: Vec<u32>,
    /// The least semidominator on the way up to there.
    labels: Vec<u32>,
    way: Vec<u32>,
}

impl Forest {
    /// The least semidominator on the way from a node up to the last one whose number is at least `linked`.
    fn least(&mut self, node: u32, linked: u32) -> u32 {
        let mut at = node;
        while self.ancestors[at as usize] >= linked {
            self.way.push(at);
            at = self.ancestors[at as usize];
        }
        // From the top down, each node learns what its ancestor knows, and hangs where that one hangs.
        while let Some(below) = self.way.pop() {
            self.labels[below as usize] = self.labels[below as usize].min(self.labels[at as usize]);
            self.ancestors[below as usize] = self.ancestors[at as usize];
            at = below;
        }
        self.labels[node as usize]
    }
}

/// The immediate dominator of each node; nothing if there is no memory for the tables.
pub fn dominators(walk: Walk) -> Option<Vec<u32>> {
    let nodes = walk.parents.len();
    let into = Into::of(nodes, walk.edges)?;
    let mut semi = table(nodes, |at| at as u32)?;
    let mut forest = Forest {
        ancestors: table(nodes, |at| walk.parents[at])?,
        labels: table(nodes, |at| at as u32)?,
        way: Vec::new(),
    };
    for node in (1..nodes).rev() {
        let mut least = walk.parents[node];
        for from in into.of_node(node) {
            least = least.min(forest.least(*from, node as u32 + 1));
        }
        semi[node] = least;
        forest.labels[node] = least;
    }
    drop((forest, into));
    let mut idom = walk.parents;
    for node in 1..nodes {
        let mut at = idom[node];
        while at > semi[node] {
            at = idom[at as usize];
        }
        idom[node] = at;
    }
    Some(idom)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A graph of a few nodes from a number; node 0 is the root.
    fn graph(mut seed: u64, nodes: usize) -> Vec<Vec<usize>> {
        let mut next = |below: usize| {
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (seed >> 33) as usize % below
        };
        (0..nodes).map(|_| (0..next(4)).map(|_| next(nodes)).collect()).collect()
    }

    /// The walk, and the node of each number.
    fn walked(graph: &[Vec<usize>]) -> (Walk, Vec<usize>) {
        let (mut walk, mut order) = (Walk::default(), Vec::new());
        let mut numbers = vec![None; graph.len()];
        let mut todo = vec![(0, 0)];
        while let Some((parent, node)) = todo.pop() {
            match numbers[node] {
                Some(number) => walk.edges.push((number, parent)),
                None => {
                    let number = order.len() as u32;
                    numbers[node] = Some(number);
                    walk.parents.push(parent);
                    order.push(node);
                    todo.extend(graph[node].iter().map(|to| (number, *to)));
                }
            }
        }
        (walk, order)
    }

    /// What is reached if a node is taken away.
    fn reached_without(graph: &[Vec<usize>], gone: usize) -> Vec<bool> {
        let mut seen = vec![false; graph.len()];
        let mut todo = vec![0];
        while let Some(node) = todo.pop() {
            if node != gone && !std::mem::replace(&mut seen[node], true) {
                todo.extend(&graph[node]);
            }
        }
        seen
    }

    #[test]
    fn they_are_those_whose_going_takes_the_node_along() {
        for seed in 0..400 {
            let graph = graph(seed, 2 + seed as usize % 14);
            let (walk, order) = walked(&graph);
            let idom = dominators(walk).expect("there is memory");
            for (number, node) in order.iter().enumerate().skip(1) {
                let mut found = Vec::new();
                let mut at = number;
                while at != 0 {
                    at = idom[at] as usize;
                    found.push(order[at]);
                }
                let takes =
                    |gone: &usize| gone != node && (*gone == 0 || !reached_without(&graph, *gone)[*node]);
                let mut wanted: Vec<usize> = order.iter().copied().filter(takes).collect();
                found.sort_unstable();
                wanted.sort_unstable();
                assert_eq!(found, wanted, "graph {seed}, node {node}");
            }
        }
    }

    #[test]
    fn a_deep_chain_that_shares_one_node_takes_no_longer() {
        let nodes = 200_000u32;
        let mut walk =
            Walk { parents: (0..nodes).map(|at| at.saturating_sub(1)).collect(), edges: Vec::new() };
        walk.edges.extend((1..nodes - 1).map(|at| (nodes - 1, at)));
        walk.edges.extend((2..nodes - 1).map(|at| (at - 1, at)));
        let idom = dominators(walk).expect("there is memory");
        assert_eq!((idom[2], idom[1000], idom[nodes as usize - 1]), (1, 999, 1));
    }
}
