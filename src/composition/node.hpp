#pragma once

#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "application/event.hpp"
#include "application/observed_repository.hpp"
#include "application/use_cases.hpp"
#include "composition/prepared_embeddings.hpp"
#include "composition/runtime.hpp"
#include "http/application.hpp"
#include "http/server.hpp"
#include "mcp/server.hpp"
#include "owner/gateway.hpp"

namespace rag::composition {

/// Everything that an owner runs: the store, the model, the use cases and the servers before them.
/// Lives on the runtime's io thread.
class Node final : public owner::OwnedNode {
public:
    struct Options {
        bool listen_tcp = false;  // A `serve`: on HOST:PORT too.
        http::DrainPlan drain;
        std::function<void(const std::string& work)> shows_work;  // As in SqliteOptions.
    };

    /// `conflict`: the port is in use. Returns at once: store and model open in the background.
    static Result<std::unique_ptr<Node>> make(
        Runtime& runtime, Descriptor socket, wire::Handler hand_over, const Options& options
    );
    ~Node() override;

    Task<wire::Response> handle(wire::Request request, CallContext context) override;
    Task<bool> stream(
        wire::Request head, CallContext context, wire::BodySource& body, wire::AnswerSink& answers
    ) override;
    Task<void> close() override;

    std::uint16_t port() const { return server_.port(); }

private:
    Node(
        Runtime& runtime,
        std::unique_ptr<EmbeddingProvider> provider,
        wire::Handler hand_over,
        const Options& options
    );

    void start();
    Ports ports();
    UseCaseOptions use_case_options() const;
    http::ApplicationConfig application_config() const;
    http::ServerLimits server_limits() const;
    http::ApplicationParts application_parts(wire::Handler hand_over);
    struct Gauge;
    static std::span<const Gauge> gauges();
    void publish_gauges();
    void withdraw_gauges();
    Task<void> follow_embeddings();
    Task<void> watch();
    void ended();

    // In order of construction; destroyed in reverse, what is used after what uses it.
    Runtime& runtime_;
    Options options_;
    std::unique_ptr<EmbeddingProvider> raw_embeddings_;  // Only to prepare the next.
    PreparedEmbeddings prepared_embeddings_;
    std::unique_ptr<ConversationRepository> store_;
    ObservedRepository repository_;
    UseCases use_cases_;
    mcp::Server mcp_;
    http::Application application_;
    http::Server server_;
    boost::asio::steady_timer tick_;
    bool closing_ = false;
    std::size_t running_ = 0;  // Calls of this process and background work under way.
    Event idle_;               // Nothing of it is.
};

}  // namespace rag::composition
