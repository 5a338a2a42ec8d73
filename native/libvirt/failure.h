#pragma once

#include <napi.h>

#include <string>

// Why a call failed, in libvirt's numbers (virErrorNumber, virErrorDomain) and words. Thrown on the
// thread on which the call ran; reaches JavaScript as an Error with the properties code and domain.
struct Failure {
  int code;
  int domain;
  std::string message;

  // libvirt keeps the last error per thread: only the thread that made the call may ask.
  static Failure OfThisThread();

  // A call on a connection that is not there any more.
  static Failure ConnectionGone(const std::string &message);

  Napi::Value ToValue(Napi::Env env) const;
};
