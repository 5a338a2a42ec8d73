{
  "targets": [
    {
      "target_name": "kvm-probe",
      "type": "executable",
      "sources": ["kvm-probe.cc"],
      "cflags_cc": ["-std=c++17", "-Wall", "-Wextra"]
    }
  ]
}
