#include <libintl.h>
#include <napi.h>

#include <clocale>
#include <string>

namespace {

// The C library's gettext, which Node.js does not have.

bool AreStrings(const Napi::CallbackInfo &info, size_t count) {
  if (info.Length() < count) return false;
  for (size_t at = 0; at < count; at++) {
    if (!info[at].IsString()) return false;
  }
  return true;
}

Napi::Value Refuse(Napi::Env env, const char *usage) {
  Napi::TypeError::New(env, usage).ThrowAsJavaScriptException();
  return env.Undefined();
}

std::string TextOf(const Napi::Value &value) { return value.As<Napi::String>().Utf8Value(); }

// bind(domain: string, directory: string): void
//   Texts of the domain are looked up below the directory, in the languages that the environment
//   names.
Napi::Value Bind(const Napi::CallbackInfo &info) {
  if (!AreStrings(info, 2)) return Refuse(info.Env(), "bind(domain, directory)");
  // Nothing else of the locale: numbers are read and written in many places.
  setlocale(LC_CTYPE, "");
  setlocale(LC_MESSAGES, "");
  const std::string domain = TextOf(info[0]);
  bindtextdomain(domain.c_str(), TextOf(info[1]).c_str());
  bind_textdomain_codeset(domain.c_str(), "UTF-8");
  return info.Env().Undefined();
}

// dgettext(domain: string, text: string): string
Napi::Value Dgettext(const Napi::CallbackInfo &info) {
  if (!AreStrings(info, 2)) return Refuse(info.Env(), "dgettext(domain, text)");
  const std::string text = TextOf(info[1]);
  return Napi::String::New(info.Env(), dgettext(TextOf(info[0]).c_str(), text.c_str()));
}

// dngettext(domain: string, one: string, many: string, count: number): string
Napi::Value Dngettext(const Napi::CallbackInfo &info) {
  if (!AreStrings(info, 3) || info.Length() != 4 || !info[3].IsNumber()) {
    return Refuse(info.Env(), "dngettext(domain, one, many, count)");
  }
  const std::string one = TextOf(info[1]);
  const std::string many = TextOf(info[2]);
  const auto count = static_cast<unsigned long>(info[3].As<Napi::Number>().Int64Value());
  return Napi::String::New(info.Env(),
                           dngettext(TextOf(info[0]).c_str(), one.c_str(), many.c_str(), count));
}

Napi::Object Initialize(Napi::Env env, Napi::Object exports) {
  exports.Set("bind", Napi::Function::New(env, Bind, "bind"));
  exports.Set("dgettext", Napi::Function::New(env, Dgettext, "dgettext"));
  exports.Set("dngettext", Napi::Function::New(env, Dngettext, "dngettext"));
  return exports;
}

}  // namespace

NODE_API_MODULE(gettext, Initialize)
