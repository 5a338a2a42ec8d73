#pragma once

#include <napi.h>

#include <functional>
#include <string>

// Makes the answer of a call out of what it found; runs on the JavaScript thread. Holds plain data.
using Answer = std::function<Napi::Value(Napi::Env)>;

// A call that may block; runs on a thread of the pool. Throws Failure.
using Work = std::function<Answer()>;

// Runs `work` and promises its answer. What `work` holds is let go before the promise is settled.
Napi::Value Promise(Napi::Env env, Work work);

// Answers of calls that find nothing, a text, a number.
Answer Nothing();
Answer Found(const std::string &text);
Answer Found(int number);
