#pragma once

#include <functional>
#include <string>

namespace rag::composition {

/// Shows on stderr what takes long while a store is opened, in a line that the next one overwrites
/// and "" clears. nullptr where stderr is no terminal.
std::function<void(const std::string& work)> work_on_terminal();

}  // namespace rag::composition
