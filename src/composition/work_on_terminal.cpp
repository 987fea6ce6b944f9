#include "composition/work_on_terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <iostream>

namespace rag::composition {

namespace {

constexpr std::size_t kColumns = 80;  // Of a terminal that does not say.

/// A line that is as long as the screen is wide would begin a second one.
std::size_t characters_max() {
    winsize size{};
    const bool sized = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1;
    return (sized ? size.ws_col : kColumns) - 1;
}

}  // namespace

std::function<void(const std::string& work)> work_on_terminal() {
    if (::isatty(STDERR_FILENO) != 1) return nullptr;
    return [](const std::string& work) {
        std::cerr << "\r\x1b[K" << work.substr(0, characters_max()) << std::flush;
    };
}

}  // namespace rag::composition
