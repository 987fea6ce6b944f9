#include "composition/node.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "composition/model_folder.hpp"
#include "embeddings/factory.hpp"
#include "http/verify_route.hpp"
#include "infrastructure/clock.hpp"
#include "infrastructure/version.hpp"
#include "sqlite/factory.hpp"

namespace rag::composition {

namespace {

using namespace std::chrono_literals;

constexpr auto kTick = 1s;  // What health and gauges tell is at most 2 s old.

std::unique_ptr<ConversationRepository> open_store(Runtime& runtime, const Node::Options& node) {
    SqliteOptions options;
    options.data_dir = runtime.config.server.data_dir;
    options.analyzer = runtime.analyzer.get();
    options.work_pool = &runtime.work;
    options.readers = runtime.config.database.pool_size;
    options.scan_threads = runtime.config.server.workers;
    options.deadlines = &runtime.deadlines;
    options.shows_work = node.shows_work;
    return make_sqlite_repository(std::move(options), runtime.telemetry);
}

Result<EmbeddingOptions> embedding_options(Runtime& runtime) {
    EmbeddingOptions options;
    options.provider = runtime.config.embedding.provider;
    options.local.threads = runtime.config.server.workers;
    options.local.deadlines = &runtime.deadlines;
    if (options.provider == "local") {
        const Result<std::filesystem::path> folder = find_model_folder(runtime.config);
        if (!folder) return tl::unexpected(folder.error());
        options.local.model_folder = *folder;
    }
    return options;
}

}  // namespace

Result<std::unique_ptr<Node>> Node::make(
    Runtime& runtime, Descriptor socket, wire::Handler hand_over, const Options& options
) {
    const Result<EmbeddingOptions> embeddings = embedding_options(runtime);
    if (!embeddings) return tl::unexpected(embeddings.error());
    Result<std::unique_ptr<EmbeddingProvider>> provider = make_embedding_provider(*embeddings);
    if (!provider) return tl::unexpected(provider.error());

    std::unique_ptr<Node> node(
        new Node(runtime, std::move(*provider), std::move(hand_over), options)
    );
    if (options.listen_tcp) {
        const ServerConfig& server = runtime.config.server;
        if (Result<void> bound = node->server_.listen_tcp(server.host, server.port); !bound) {
            return tl::unexpected(bound.error());
        }
    }
    if (Result<void> taken = node->server_.listen_owner(socket.release()); !taken) {
        return tl::unexpected(taken.error());
    }
    node->start();
    return node;
}

Node::Node(
    Runtime& runtime,
    std::unique_ptr<EmbeddingProvider> provider,
    wire::Handler hand_over,
    const Options& options
)
    : runtime_(runtime),
      options_(options),
      raw_embeddings_(std::move(provider)),
      prepared_embeddings_(*raw_embeddings_),
      store_(open_store(runtime, options)),
      repository_(*store_, runtime.telemetry),
      use_cases_(ports(), use_case_options()),
      mcp_(use_cases_, runtime.work, {.version = std::string(kVersion)}),
      application_(application_config(), application_parts(std::move(hand_over))),
      server_(runtime.executor(), application_, server_limits()),
      tick_(runtime.executor()) {}

Node::~Node() { withdraw_gauges(); }

void Node::start() {
    publish_gauges();
    boost::asio::co_spawn(runtime_.executor(), follow_embeddings(), boost::asio::detached);
    boost::asio::co_spawn(runtime_.executor(), watch(), boost::asio::detached);
}

Ports Node::ports() {
    return {
        .repository = repository_,
        .embeddings = prepared_embeddings_,
        .telemetry = runtime_.telemetry,
        .work_pool = runtime_.work,
        .segmenter = *runtime_.segmenter,
        .analyzer = *runtime_.analyzer,
        .token_counter = prepared_embeddings_.token_counter(),
        .clock = system_time,
        .time_zones = *runtime_.time_zones,
    };
}

UseCaseOptions Node::use_case_options() const {
    return {
        .chunking = runtime_.config.chunking,
        .conversation = runtime_.config.limits,
        .use_new_architecture = runtime_.config.server.use_new_architecture,
    };
}

http::ApplicationConfig Node::application_config() const {
    const Config& config = runtime_.config;
    http::ApplicationConfig made;
    made.version = std::string(kVersion);
    made.title = config.server.app_title;
    made.allowed_hosts = config.security.allowed_hosts;
    made.allowed_origins = config.security.allowed_origins;
    made.request_timeout = config.server.request_timeout;
    made.ingest_timeout = config.server.ingest_timeout;
    made.body_bytes_max = config.security.body_bytes_max;
    made.search_top_k = config.search.default_top_k;
    return made;
}

http::ServerLimits Node::server_limits() const {
    const SecurityConfig& security = runtime_.config.security;
    http::ServerLimits made;
    made.header_timeout = security.header_timeout;
    made.header_bytes_max = security.header_bytes_max;
    made.connections_max = security.connections_max;
    made.inflight_bytes_max = security.inflight_bytes_max;
    return made;
}

http::ApplicationParts Node::application_parts(wire::Handler hand_over) {
    return {
        .use_cases = use_cases_,
        .pool = runtime_.work,
        .telemetry = runtime_.telemetry,
        .metrics_text =
            [this](bool open_metrics) {
                return runtime_.metrics.render(
                    open_metrics ? MetricsFormat::open_metrics : MetricsFormat::prometheus_text
                );
            },
        .mcp = [this](
                   wire::Request request, CallContext context
               ) { return mcp_.handle_http(std::move(request), std::move(context)); },
        .owner_routes =
            {{"POST", owner::kHandOverTarget, std::move(hand_over)},
             {"GET", std::string(wire::kVerifyTarget), http::verify_handler(use_cases_.verify)}},
    };
}

/// A metric that is asked of the node at every scrape.
struct Node::Gauge {
    SampledName metric;
    double (*read)(const Node&);
};

std::span<const Node::Gauge> Node::gauges() {
    static constexpr auto number = [](auto value) { return static_cast<double>(value); };
    static constexpr Gauge kGauges[] = {
        {"database_connections_active",
         [](const Node& node) { return number(node.repository_.status().connections_open); }},
        {"database_connections_total",
         [](const Node& node) { return number(node.repository_.status().connections_max); }},
        {"database_connections_in_use",
         [](const Node& node) { return number(node.repository_.status().connections_in_use); }},
        {"database_pool_waiters",
         [](const Node& node) { return number(node.repository_.status().waiters); }},
        {"database_wal_bytes",
         [](const Node& node) { return number(node.repository_.status().wal_bytes); }},
        {"embedding_backlog",
         [](const Node& node) { return number(node.raw_embeddings_->backlog()); }},
        {"conversations",
         [](const Node& node) { return number(node.repository_.status().conversations); }},
        {"chunks", [](const Node& node) { return number(node.repository_.status().chunks); }},
        {"http_connections", [](const Node& node) { return number(node.server_.connections()); }},
    };
    return kGauges;
}

void Node::publish_gauges() {
    for (const Gauge& gauge : gauges()) {
        runtime_.metrics.read_from(gauge.metric, [this, read = gauge.read] { return read(*this); });
    }
}

void Node::withdraw_gauges() {
    for (const Gauge& gauge : gauges()) runtime_.metrics.read_from(gauge.metric, nullptr);
}

void Node::ended() {
    if (--running_ == 0) idle_.notify();
}

Task<void> Node::follow_embeddings() {
    ++running_;
    std::function<void()> told = [this] { use_cases_.health.look_again(); };
    co_await prepared_embeddings_.follow(repository_, std::move(told));
    ended();
}

Task<void> Node::watch() {
    ++running_;
    while (!closing_) {
        use_cases_.health.set_stuck(runtime_.pool.stuck());
        use_cases_.health.look_again();  // What has opened or failed without telling.
        tick_.expires_after(kTick);
        co_await tick_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    }
    ended();
}

Task<wire::Response> Node::handle(wire::Request request, CallContext context) {
    ++running_;
    wire::Response response = co_await application_.handle(std::move(request), std::move(context));
    ended();
    co_return response;
}

Task<bool> Node::stream(
    wire::Request head, CallContext context, wire::BodySource& body, wire::AnswerSink& answers
) {
    ++running_;
    const bool complete =
        co_await application_.handle(std::move(head), std::move(context), body, answers);
    ended();
    co_return complete;
}

Task<void> Node::close() {
    use_cases_.health.start_draining();
    server_.start_draining();
    http::DrainPlan plan = options_.drain;
    plan.abandon = [this] { prepared_embeddings_.abandon(); };
    co_await server_.drain(std::move(plan));
    closing_ = true;
    tick_.cancel();
    prepared_embeddings_.close();
    // Every call has a deadline, and no embedding is made any more, so this ends soon. Nothing may
    // go before: requests whose clients were answered 503 still use it.
    do {
        co_await server_.wait_until_empty();
        std::function<bool()> idle = [this] { return running_ == 0; };
        co_await idle_.wait_until(std::move(idle), Deadline::max());
    } while (server_.connections() > 0);
}

}  // namespace rag::composition
