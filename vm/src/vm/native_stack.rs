//! Where the native stack stands.

/// About where the native stack ends now. The register is read, where we know it, for a sanitizer may keep locals elsewhere.
#[inline(always)]
pub fn stack_pointer() -> usize {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a register is copied, and nothing else.
    unsafe {
        let pointer;
        std::arch::asm!("mov {}, rsp", out(reg) pointer, options(nomem, nostack, preserves_flags));
        pointer
    }
    #[cfg(target_arch = "aarch64")]
    // SAFETY: a register is copied, and nothing else.
    unsafe {
        let pointer;
        std::arch::asm!("mov {}, sp", out(reg) pointer, options(nomem, nostack, preserves_flags));
        pointer
    }
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    {
        let marker = 0u8;
        std::ptr::from_ref(&marker) as usize
    }
}
