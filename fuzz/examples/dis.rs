use ryokan_compiler::{Mode, Options};
struct R;
impl ryokan_compiler::Budget for R {
    fn charge(&self, _: usize) -> bool {
        true
    }
    fn refund(&self, _: usize) {}
}
fn main() {
    let s = std::fs::read_to_string(std::env::args().nth(1).unwrap()).unwrap();
    let c = ryokan_compiler::compile(&s, "f", Mode::Exec, &Options::default(), &R).ok().unwrap();
    println!("{}", ryokan_bytecode::dis::listing(&c));
    println!("{:?}", ryokan_bytecode::verify(&c));
    println!("{:?}", c.handlers);
}
