# The boot sector of the hostile guest: prints on COM1 that it begins, and then does without end what
# the byte before its signature says. It needs nothing of its disk but this sector.

        .intel_syntax noprefix
        .code16
        .global _start

        .equ    COM1, 0x3f8
        .equ    COM1_LINE_STATUS, COM1 + 5
        .equ    TRANSMITTER_EMPTY, 0x20

        .equ    KEYBOARD_COMMAND, 0x64
        .equ    PULSE_RESET, 0xfe

        # The registers of QEMU's standard graphics card.
        .equ    DISPLAY_INDEX, 0x1ce
        .equ    DISPLAY_DATA, 0x1cf
        .equ    DISPLAY_WIDTH, 1
        .equ    DISPLAY_HEIGHT, 2
        .equ    DISPLAY_DEPTH, 3
        .equ    DISPLAY_ENABLE, 4

        .equ    DISK_SECTORS, 0x80000
        .equ    SECTORS_AT_ONCE, 64

_start:
        ljmp    0, offset main
main:
        xor     ax, ax
        mov     ds, ax
        mov     ss, ax
        mov     sp, 0x7c00
        cld

        mov     si, offset begin_text
print:
        lodsb
        test    al, al
        jz      choose
        mov     ah, al
        mov     dx, COM1_LINE_STATUS
        mov     cx, 0xffff
print_wait:
        in      al, dx
        test    al, TRANSMITTER_EMPTY
        loopz   print_wait
        mov     al, ah
        mov     dx, COM1
        out     dx, al
        jmp     print

choose:
        xor     bp, bp
        mov     al, [habit]
        cmp     al, 'd'
        je      write_disk
        cmp     al, 'g'
        je      change_modes
        cmp     al, 'h'
        je      halt
        cmp     al, 'r'
        je      reset
        cmp     al, 's'
        je      write_serial
        cmp     al, 't'
        je      triple_fault
        cmp     al, 'z'
        je      resize
halt:
        cli
        hlt
        jmp     halt

reset:
        mov     al, PULSE_RESET
        out     KEYBOARD_COMMAND, al
        jmp     halt

# No exception can be handled, that one included.
triple_fault:
        lidt    [no_table]
        int3

write_serial:
        mov     dx, COM1
        mov     al, 'x'
write_next:
        out     dx, al
        jmp     write_next

# Fills the disk from its beginning to its end, and begins anew.
write_disk:
        mov     ah, 0x43
        mov     al, 0
        mov     dl, 0x80
        mov     si, offset packet
        int     0x13
        call    tell
        add     dword ptr [packet_sector], SECTORS_AT_ONCE
        cmp     dword ptr [packet_sector], DISK_SECTORS
        jb      write_disk
        mov     dword ptr [packet_sector], SECTORS_AT_ONCE
        jmp     write_disk

# Text, and graphics of two sizes.
change_modes:
        mov     ax, 0x0003
        int     0x10
        mov     ax, 0x0013
        int     0x10
        mov     ax, 0x0012
        int     0x10
        call    tell
        jmp     change_modes

# Every size from 64 x 64 to 2104 x 1087, each another than the one before.
resize:
        call    tell
        mov     bl, DISPLAY_ENABLE
        xor     cx, cx
        call    set_display
        mov     bl, DISPLAY_WIDTH
        mov     cx, bp
        and     cx, 0xff
        shl     cx, 3
        add     cx, 64
        call    set_display
        mov     bl, DISPLAY_HEIGHT
        mov     cx, bp
        and     cx, 0x3ff
        add     cx, 64
        call    set_display
        mov     bl, DISPLAY_DEPTH
        mov     cx, 32
        call    set_display
        mov     bl, DISPLAY_ENABLE
        mov     cx, 1
        call    set_display
        jmp     resize

# Counts what was done in bp, and prints a dot each time that it was done 64 times.
tell:
        inc     bp
        test    bp, 63
        jnz     tell_done
        mov     dx, COM1
        mov     al, '.'
        out     dx, al
tell_done:
        ret

# Writes cx to the register bl of the graphics card.
set_display:
        mov     dx, DISPLAY_INDEX
        xor     bh, bh
        mov     ax, bx
        out     dx, ax
        mov     dx, DISPLAY_DATA
        mov     ax, cx
        out     dx, ax
        ret

begin_text:
        .asciz  "HOSTILE\r\n"

no_table:
        .word   0
        .long   0

# What the firmware is asked to write, and where; the memory behind the first 64 KiB is as good as any.
        .balign 4
packet:
        .byte   16, 0
        .word   SECTORS_AT_ONCE
        .word   0, 0x1000
packet_sector:
        .quad   SECTORS_AT_ONCE

        .org    509
habit:
        .byte   'h'
        .word   0xaa55
