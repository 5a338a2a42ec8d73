#pragma once

#include <napi.h>

#include <string>

// The argument at `index`, which has to be a text without NUL: libvirt would read it only up to
// there, and check something else than it was given. Throws Napi::TypeError.
inline std::string Text(const Napi::CallbackInfo &info, size_t index) {
  if (!info[index].IsString()) throw Napi::TypeError::New(info.Env(), "a text is missing");
  std::string text = info[index].As<Napi::String>();
  if (text.find('\0') != std::string::npos)
    throw Napi::TypeError::New(info.Env(), "a text must not contain NUL");
  return text;
}

// As Text, for what may be left out: libvirt takes its default for an empty one.
inline std::string OptionalText(const Napi::CallbackInfo &info, size_t index) {
  return info[index].IsUndefined() ? "" : Text(info, index);
}

inline const char *OrNull(const std::string &text) { return text.empty() ? nullptr : text.c_str(); }

// `bit` when the argument at `index` is true, else nothing.
inline unsigned FlagBit(const Napi::CallbackInfo &info, size_t index, unsigned bit) {
  return info[index].IsBoolean() && info[index].As<Napi::Boolean>() ? bit : 0;
}

inline int32_t Integer(const Napi::CallbackInfo &info, size_t index) {
  if (!info[index].IsNumber()) throw Napi::TypeError::New(info.Env(), "a number is missing");
  return info[index].As<Napi::Number>();
}
