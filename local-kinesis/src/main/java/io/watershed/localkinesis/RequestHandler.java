package io.watershed.localkinesis;

import com.fasterxml.jackson.core.JsonGenerator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From an HTTP request to an operation, and from its answer or error to an HTTP response. */
@Sharable
@SuppressWarnings("FutureReturnValueIgnored") // nobody waits for a connection to close
final class RequestHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);
  private static final String TARGET_PREFIX = "Kinesis_20131202.";

  private final Account account;
  private final Map<String, Operation> operations = new HashMap<>();

  RequestHandler(Account account, PutOperations puts) {
    this.account = account;
    SignedTokens tokens = new SignedTokens();
    new StreamOperations(account).register(operations);
    new ShardOperations(account, tokens).register(operations);
    puts.register(operations);
    new ReadOperations(account, tokens).register(operations);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
    WireFormat format =
        WireFormat.ofContentType(request.headers().get(HttpHeaderNames.CONTENT_TYPE, ""))
            .orElse(WireFormat.JSON);
    Optional<FullHttpResponse> response = respond(context, request, format);
    if (response.isEmpty()) {
      context.close();
      return;
    }
    boolean keepAlive = HttpUtil.isKeepAlive(request);
    HttpUtil.setKeepAlive(response.get(), keepAlive);
    var written = context.writeAndFlush(response.get());
    if (!keepAlive) {
      written.addListener(ChannelFutureListener.CLOSE);
    }
  }

  /** Empty if the answer shall get lost. */
  private Optional<FullHttpResponse> respond(
      ChannelHandlerContext context, FullHttpRequest request, WireFormat format) {
    try {
      Answer answer = handle(request, format);
      Mischief mischief = account.mischief();
      if (mischief.strikes(mischief.hostility().lostAnswerRate())) {
        return Optional.empty();
      }
      return Optional.of(success(context, format, answer));
    } catch (ServiceError error) {
      return Optional.of(failure(context, format, error));
    } catch (IOException | RuntimeException e) {
      LOG.error("a request failed for a reason that is the local endpoint's own", e);
      return Optional.of(failure(context, format, ServiceError.internal()));
    }
  }

  private Answer handle(FullHttpRequest request, WireFormat format) {
    String target = request.headers().get("X-Amz-Target", "");
    if (!request.method().equals(HttpMethod.POST) || target.isEmpty()) {
      throw ServiceError.forbidden(
          "AccessDeniedException", "Unable to determine service/operation name to be authorized");
    }
    String name = target.startsWith(TARGET_PREFIX) ? target.substring(TARGET_PREFIX.length()) : "";
    Operation operation = operations.get(name);
    if (operation == null) {
      throw ServiceError.of("UnknownOperationException", "No operation is called " + target + ".");
    }
    account.locked(
        () -> {
          account.counters().request(name);
          return account;
        });
    Authorization.check(request.headers(), name, account.id());
    Mischief mischief = account.mischief();
    if (mischief.strikes(mischief.hostility().serverErrorRate())) {
      throw mischief.strikes(0.5) ? ServiceError.internal() : ServiceError.unavailable();
    }
    return operation.handle(format.read(ByteBufUtil.getBytes(request.content())));
  }

  private static FullHttpResponse success(
      ChannelHandlerContext context, WireFormat format, Answer answer) throws IOException {
    ByteBuf body = context.alloc().buffer(answer.sizeHint());
    try {
      if (answer != Answer.EMPTY) {
        encode(body, format, answer);
      }
    } catch (IOException | RuntimeException e) {
      body.release();
      throw e;
    }
    return response(HttpResponseStatus.OK, format, body);
  }

  private static FullHttpResponse failure(
      ChannelHandlerContext context, WireFormat format, ServiceError error) {
    ByteBuf body = context.alloc().buffer();
    try {
      encode(
          body,
          format,
          out -> {
            out.text("__type", error.type());
            out.text("message", error.text());
          });
    } catch (IOException e) {
      throw new IllegalStateException("two texts can always be encoded", e);
    }
    FullHttpResponse response = response(HttpResponseStatus.valueOf(error.status()), format, body);
    response.headers().set("x-amzn-ErrorType", error.type());
    return response;
  }

  private static void encode(ByteBuf body, WireFormat format, Answer answer) throws IOException {
    try (JsonGenerator generator = format.generator(new ByteBufOutputStream(body))) {
      generator.writeStartObject();
      answer.write(new AnswerWriter(generator, format));
      generator.writeEndObject();
    }
  }

  private static FullHttpResponse response(
      HttpResponseStatus status, WireFormat format, ByteBuf body) {
    FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body);
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, format.contentType())
        .setInt(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes())
        .set("x-amzn-RequestId", UUID.randomUUID().toString());
    return response;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.debug("a connection ended: {}", cause.toString());
    context.close();
  }
}
