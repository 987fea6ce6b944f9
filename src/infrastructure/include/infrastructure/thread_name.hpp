#pragma once

#include <pthread.h>

#include <cstddef>
#include <string>

namespace rag {

/// What `top -H` shows; the kernel keeps 15 bytes of it.
inline void name_this_thread(const std::string& name) {
    constexpr std::size_t kThreadNameMax = 15;
    pthread_setname_np(pthread_self(), name.substr(0, kThreadNameMax).c_str());
}

}  // namespace rag
