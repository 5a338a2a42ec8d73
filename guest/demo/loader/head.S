# A file that GRUB takes for a Linux kernel (boot protocol 2.10): the setup header, the entry in
# 32-bit mode, and the switch to 64-bit mode with which the real kernel is entered. GRUB has set the
# video mode and made the boot parameters by then; esi points to them.

        .intel_syntax noprefix
        .global _start, boot_parameters

        .equ    PAGE_PRESENT_WRITABLE, 0x3
        .equ    LARGE_PAGE, 0x80
        .equ    CR0_PAGING, 0x80000000
        .equ    CR4_PHYSICAL_ADDRESS_EXTENSION, 0x20
        .equ    EXTENDED_FEATURES, 0xc0000080
        .equ    LONG_MODE, 0x100

        .section .setup, "a"
        .org    0x1f1
        .byte   1                       # sectors of setup code, after the boot sector
        .word   0
        .long   image_paragraphs
        .word   0, 0, 0
        .word   0xaa55
        .word   0                       # a jump in a real kernel; nobody enters here
        .ascii  "HdrS"
        .word   0x020a
        .org    0x211
        .byte   1                       # loaded high
        .org    0x214
        .long   0x100000                # where the 32-bit code is loaded
        .org    0x22c
        .long   0x7fffffff              # highest address of an initial file system
        .long   0x1000                  # alignment
        .byte   0, 0                    # not relocatable
        .org    0x238
        .long   2047                    # longest command line
        .org    0x258
        .quad   0x100000
        .long   0x100000                # memory that this code needs from there on, bytes
        .org    0x400

        .section .head, "ax"
        .code32
_start:
        cli
        cld
        mov     esp, offset stack_top
        mov     [boot_parameters], esi
        call    load                    # fills memory; the kernel's entry is returned in eax
        mov     ebp, eax

        # The first GiB mapped one to one, by pages of 2 MiB.
        mov     edi, offset page_directory
        mov     eax, PAGE_PRESENT_WRITABLE | LARGE_PAGE
        mov     ecx, 512
next_page:
        mov     [edi], eax
        mov     dword ptr [edi + 4], 0
        add     eax, 0x200000
        add     edi, 8
        loop    next_page
        mov     dword ptr [page_pointers], offset page_directory + PAGE_PRESENT_WRITABLE
        mov     dword ptr [page_root], offset page_pointers + PAGE_PRESENT_WRITABLE

        mov     eax, cr4
        or      eax, CR4_PHYSICAL_ADDRESS_EXTENSION
        mov     cr4, eax
        mov     eax, offset page_root
        mov     cr3, eax
        mov     ecx, EXTENDED_FEATURES
        rdmsr
        or      eax, LONG_MODE
        wrmsr
        mov     eax, cr0
        or      eax, CR0_PAGING
        mov     cr0, eax
        lgdt    [descriptors_pointer]
        mov     esi, [boot_parameters]
        mov     eax, 0x18
        mov     ds, eax
        mov     es, eax
        mov     ss, eax
        push    0x10
        push    offset enter_kernel
        retf

        .code64
enter_kernel:
        mov     eax, ebp
        jmp     rax

        .balign 8
descriptors:
        .quad   0, 0
        .quad   0x00af9a000000ffff      # 0x10: 64-bit code
        .quad   0x00cf92000000ffff      # 0x18: data
descriptors_pointer:
        .word   . - descriptors - 1
        .long   descriptors

        .section .bss
        .balign 4096
page_root:
        .skip   4096
page_pointers:
        .skip   4096
page_directory:
        .skip   4096
        .skip   16384
stack_top:
boot_parameters:
        .skip   4

        .section .note.GNU-stack, "", @progbits
