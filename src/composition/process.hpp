#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <memory>

#include "cli/api_client.hpp"
#include "composition/node.hpp"
#include "composition/runtime.hpp"
#include "owner/data_folder.hpp"
#include "owner/gateway.hpp"

namespace rag::composition {

/// A process on a data folder, whatever it is there for: its runtime, and its way to the store.
class Process final : public cli::ApiClient {
public:
    /// Errors as of `DataFolder::open` and `Runtime::make`.
    static Result<std::unique_ptr<Process>> make(
        const Config& config, owner::Role role, int log_descriptor
    );
    ~Process() override;  // Lets go of the store.

    /// For a `serve`: becomes the owner and listens on HOST:PORT.
    Result<void> own();
    /// Watches the owner in the background, to take its place as soon as it goes.
    void follow();
    /// Waits until the call is answered, at most INGEST_TIMEOUT.
    Result<wire::Response> call(wire::Request request) override;
    /// May take as long as it goes on.
    Result<wire::Response> stream(wire::Request request, cli::StreamedCall& call) override;
    /// As `call`, for callers that are coroutines on the runtime's executor.
    wire::Handler handler();
    /// Drains and closes the store; nothing can be called afterwards.
    void close();

    Runtime& runtime() { return *runtime_; }
    /// The TCP port, once owned.
    std::uint16_t port() const { return port_; }

private:
    Process(std::unique_ptr<Runtime> runtime, owner::DataFolder folder, owner::Role role);
    owner::NodeFactory node_factory();

    std::unique_ptr<Runtime> runtime_;
    owner::DataFolder folder_;
    owner::Role role_;
    std::uint16_t port_ = 0;
    owner::Gateway gateway_;
    bool closed_ = false;
};

}  // namespace rag::composition
