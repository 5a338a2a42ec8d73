#pragma once

#include <libvirt/libvirt.h>

#include <cstdlib>
#include <memory>
#include <string>

#include "failure.h"

struct FreeWithC {
  void operator()(void *pointer) const { std::free(pointer); }
};

template <class Value>
using Owned = std::unique_ptr<Value, FreeWithC>;

struct FreeDomain {
  void operator()(virDomainPtr domain) const { virDomainFree(domain); }
};

using OwnedDomain = std::unique_ptr<virDomain, FreeDomain>;

// A domain that libvirt found or made, or the failure to.
inline OwnedDomain TakeDomain(virDomainPtr domain) {
  if (domain == nullptr) throw Failure::OfThisThread();
  return OwnedDomain(domain);
}

// A text that libvirt made for the caller, or the failure to make it.
inline std::string TakeText(char *text) {
  const Owned<char> owned(text);
  if (owned == nullptr) throw Failure::OfThisThread();
  return owned.get();
}

// Most of libvirt's functions return something negative when they failed.
inline int Check(int result) {
  if (result < 0) throw Failure::OfThisThread();
  return result;
}
