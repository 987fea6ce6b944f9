#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstddef>
#include <functional>
#include <memory>

namespace rag {

/// A reader that goes away must be an error of the write, not the end of the process.
void ignore_sigpipe();

/// Raises the limit of open files to what the system allows, at most `wanted`; tells the result.
std::size_t raise_descriptor_limit(std::size_t wanted);

/// Lets SIGTERM, SIGINT and SIGHUP wait, from the first line of `main` on, when there is one
/// thread: those that it starts let them wait too. So none ends the program before a `Signals`
/// listens.
void hold_signals();

/// What waited arrives now. For a command that just ends; `Signals` does it itself.
void release_signals();

/// For a command that has a result to tell when it is ended early: the first SIGINT is noted, the
/// next one ends the program as ever.
void note_interrupts();
bool interrupted();

/// What to do on signals. The functions run on the executor.
struct SignalHandlers {
    std::function<void()> stop;    // First SIGTERM or SIGINT: drain.
    std::function<void()> hurry;   // A second one: end at once.
    std::function<void()> reopen;  // SIGHUP: open the log file anew.
};

/// Listens to signals until it is destroyed or cancelled, those that were held before included;
/// keeps the io context running until then. Thread-safe. Afterwards no handler runs: one that is
/// running is awaited.
class Signals {
public:
    Signals(boost::asio::any_io_executor executor, SignalHandlers handlers);
    ~Signals();
    void cancel();

private:
    class State;
    std::shared_ptr<State> state_;  // Shared with the waits, which may complete after us.
};

}  // namespace rag
