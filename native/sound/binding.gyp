{
  "targets": [
    {
      "target_name": "vmnetx-sound",
      "type": "executable",
      "sources": ["sound.cc", "guest_sound.cc", "player.cc", "server.cc"],
      "cflags": ["<!@(pkg-config --cflags libpulse)"],
      "cflags_cc!": ["-std=gnu++17", "-fno-exceptions"],
      "cflags_cc": ["-std=c++20", "-fexceptions", "-Wall", "-Wextra"],
      "libraries": ["<!@(pkg-config --libs libpulse)"]
    }
  ]
}
