# The boot sector of the firmware guest: paints colour bars in VGA mode 13h, reports on COM1, and
# then sleeps between timer ticks. A key repaints the lower block; `q` powers off, `r` resets, the
# ACPI power button powers off. It needs nothing of its disk but this sector.

        .intel_syntax noprefix
        .code16
        .global _start

        .equ    COM1, 0x3f8
        .equ    COM1_LINE_STATUS, COM1 + 5
        .equ    TRANSMITTER_EMPTY, 0x20

        # The power management block is where SeaBIOS puts it on the machine type pc.
        .equ    POWER_STATUS, 0x600
        .equ    POWER_ENABLE, 0x602
        .equ    POWER_CONTROL, 0x604
        .equ    POWER_BUTTON, 0x100
        .equ    SOFT_OFF, 0x2000
        .equ    RESET_CONTROL, 0xcf9

        .equ    SCREEN_SEGMENT, 0xa000
        .equ    WIDTH, 320
        .equ    BAR_WIDTH, 40
        .equ    BARS_HEIGHT, 120
        .equ    BLOCK_TOP, 140
        .equ    BLOCK_HEIGHT, 60
        .equ    IDLE_COLOUR, 8

_start:
        ljmp    0, offset main
main:
        xor     ax, ax
        mov     ds, ax
        mov     ss, ax
        mov     sp, 0x7c00
        cld
        sti

        mov     ax, 0x0013              # 320 x 200, one byte per pixel, the standard palette
        int     0x10
        mov     ax, SCREEN_SEGMENT
        mov     es, ax

        # Eight bars in the colours 15 down to 8, each 40 pixels wide.
        xor     di, di
        mov     dx, BARS_HEIGHT
next_line:
        mov     al, 15
next_bar:
        mov     cx, BAR_WIDTH
        rep stosb
        dec     al
        cmp     al, 7
        jne     next_bar
        dec     dx
        jnz     next_line

        mov     al, IDLE_COLOUR
        call    paint_block

        mov     dx, POWER_ENABLE
        mov     ax, POWER_BUTTON
        out     dx, ax

        mov     si, offset ready_text
        call    print

wait:
        hlt                             # until the next timer tick or key
        mov     dx, POWER_STATUS
        in      ax, dx
        test    ax, POWER_BUTTON
        jnz     power_off
        mov     ah, 1                   # is there a key?
        int     0x16
        jz      wait
        xor     ah, ah                  # take it: scan code in ah, character in al
        int     0x16
        cmp     al, 'q'
        je      power_off
        cmp     al, 'r'
        je      reset

        # The block's colour is 9 + scan code modulo 7, so never the idle one.
        mov     al, ah
        push    ax
        xor     ah, ah
        mov     bl, 7
        div     bl
        mov     al, ah
        add     al, 9
        call    paint_block

        mov     si, offset key_text
        call    print
        pop     ax
        push    ax
        shr     al, 4
        call    print_digit
        pop     ax
        and     al, 15
        call    print_digit
        mov     si, offset line_end
        call    print
        jmp     wait

power_off:
        mov     dx, POWER_CONTROL
        mov     ax, SOFT_OFF
        out     dx, ax
        jmp     stop

reset:
        mov     dx, RESET_CONTROL
        mov     al, 6
        out     dx, al
stop:
        hlt
        jmp     stop

# Fills the lower block with the colour al.
paint_block:
        mov     di, BLOCK_TOP * WIDTH
        mov     cx, BLOCK_HEIGHT * WIDTH
        rep stosb
        ret

# Prints the zero-terminated text at si.
print:
        lodsb
        test    al, al
        jz      print_done
        call    print_character
        jmp     print
print_done:
        ret

# Prints the low four bits in al as a hexadecimal digit.
print_digit:
        add     al, '0'
        cmp     al, '9'
        jbe     print_character
        add     al, 'a' - '0' - 10

# Waits for the transmitter a bounded number of times, so that a machine without COM1 goes on.
print_character:
        push    ax
        mov     dx, COM1_LINE_STATUS
        mov     cx, 0xffff
print_wait:
        in      al, dx
        test    al, TRANSMITTER_EMPTY
        loopz   print_wait
        pop     ax
        mov     dx, COM1
        out     dx, al
        ret

ready_text:
        .asciz  "FIRMWARE-READY\r\n"
key_text:
        .asciz  "KEY "
line_end:
        .asciz  "\r\n"

        .org    510
        .word   0xaa55
