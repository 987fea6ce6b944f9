#include "composition/process.hpp"

#include <boost/asio/detached.hpp>
#include <utility>

#include "composition/caller_thread.hpp"
#include "composition/work_on_terminal.hpp"
#include "encoding/random_id.hpp"

namespace rag::composition {

namespace {

using namespace std::chrono_literals;

constexpr auto kOwnPatience = 10s;
constexpr auto kCallMargin = 5s;  // The application's own deadline comes first.
constexpr auto kHandOverLimit = 1'500ms;
constexpr auto kDrainLimit = 20s;

http::DrainPlan drain_plan(const Config& config, owner::Role role) {
    http::DrainPlan plan;
    const bool serves = role == owner::Role::serve;
    plan.delay = serves ? config.server.drain_delay : 0ms;
    plan.limit = serves ? kDrainLimit : kHandOverLimit;
    return plan;
}

owner::GatewayOptions gateway_options(const Config& config, owner::Role role) {
    return {.role = role, .stall_timeout = config.server.ingest_timeout + kCallMargin};
}

Task<Result<wire::Response>> carry_stream(
    owner::Gateway& gateway, std::shared_ptr<CallerThread> thread, wire::Request request
) {
    struct Finish {
        CallerThread& thread;
        ~Finish() { thread.finish(); }
    };
    const Finish finish{*thread};
    CallerStream ends(thread);
    CallContext context =
        CallContext::of_default_tenant(Deadline::max(), {encoding::random_id(), {}});
    Result<bool> done = co_await gateway.stream(std::move(request), std::move(context), ends, ends);
    if (!done) co_return tl::unexpected<Error>(std::move(done.error()));
    co_return ends.take_answer();
}

}  // namespace

Result<std::unique_ptr<Process>> Process::make(
    const Config& config, owner::Role role, int log_descriptor
) {
    Result<owner::DataFolder> folder = owner::DataFolder::open(config.server.data_dir);
    if (!folder) return tl::unexpected(folder.error());
    Result<std::unique_ptr<Runtime>> runtime = Runtime::make(config, log_descriptor);
    if (!runtime) return tl::unexpected(runtime.error());
    return std::unique_ptr<Process>(new Process(std::move(*runtime), std::move(*folder), role));
}

Process::Process(std::unique_ptr<Runtime> runtime, owner::DataFolder folder, owner::Role role)
    : runtime_(std::move(runtime)),
      folder_(std::move(folder)),
      role_(role),
      gateway_(
          runtime_->executor(),
          folder_,
          gateway_options(runtime_->config, role),
          node_factory(),
          runtime_->telemetry
      ) {}

Process::~Process() {
    close();
    // Coroutines may still wait somewhere; none may run once the gateway is gone.
    runtime_->stop();
}

owner::NodeFactory Process::node_factory() {
    const Node::Options options{
        .listen_tcp = role_ == owner::Role::serve,
        .drain = drain_plan(runtime_->config, role_),
        .shows_work = role_ == owner::Role::command ? work_on_terminal() : nullptr,
    };
    return [this, options](
               Descriptor socket, wire::Handler hand_over
           ) -> Result<std::unique_ptr<owner::OwnedNode>> {
        Result<std::unique_ptr<Node>> node =
            Node::make(*runtime_, std::move(socket), std::move(hand_over), options);
        if (!node) return tl::unexpected(node.error());
        port_ = (*node)->port();
        return std::unique_ptr<owner::OwnedNode>(std::move(*node));
    };
}

Result<void> Process::own() {
    const Deadline deadline = std::chrono::steady_clock::now() + kOwnPatience;
    return boost::asio::co_spawn(
               runtime_->executor(), gateway_.own(deadline), boost::asio::use_future
    )
        .get();
}

void Process::follow() {
    boost::asio::co_spawn(runtime_->executor(), gateway_.follow(), boost::asio::detached);
}

Result<wire::Response> Process::call(wire::Request request) {
    const Deadline deadline =
        std::chrono::steady_clock::now() + runtime_->config.server.ingest_timeout + kCallMargin;
    CallContext context = CallContext::of_default_tenant(deadline, {encoding::random_id(), {}});
    return boost::asio::co_spawn(
               runtime_->executor(),
               gateway_.call(std::move(request), std::move(context)),
               boost::asio::use_future
    )
        .get();
}

Result<wire::Response> Process::stream(wire::Request request, cli::StreamedCall& call) {
    const auto thread = std::make_shared<CallerThread>(call);
    std::future<Result<wire::Response>> answer = boost::asio::co_spawn(
        runtime_->executor(),
        carry_stream(gateway_, thread, std::move(request)),
        boost::asio::use_future
    );
    thread->run();
    return answer.get();
}

wire::Handler Process::handler() {
    return [this](wire::Request request, CallContext context) {
        return gateway_.call(std::move(request), std::move(context));
    };
}

void Process::close() {
    if (std::exchange(closed_, true)) return;
    boost::asio::co_spawn(runtime_->executor(), gateway_.close(), boost::asio::use_future).get();
}

}  // namespace rag::composition
