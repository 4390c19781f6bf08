package io.watershed.localkinesis;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.watershed.core.error.ErrorCode;
import io.watershed.core.error.WatershedException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** Listens, and hands requests to the handler on its event loops. */
final class HttpServer implements AutoCloseable {
  /** The largest request body: 10 MiB of payload as base64, and its other members. */
  static final int MAX_REQUEST_BYTES = 16 << 20;

  private static final int THREADS = 2;

  private final EventLoopGroup loops;
  private final Channel channel;

  private HttpServer(EventLoopGroup loops, Channel channel) {
    this.loops = loops;
    this.channel = channel;
  }

  static HttpServer start(String bindAddress, int port, RequestHandler handler) {
    EventLoopGroup loops =
        new NioEventLoopGroup(THREADS, new DefaultThreadFactory("local-kinesis", true));
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel connection) {
                    connection
                        .pipeline()
                        .addLast(new HttpServerCodec())
                        .addLast(new HttpObjectAggregator(MAX_REQUEST_BYTES))
                        .addLast(handler);
                  }
                });
    ChannelFuture bound = bootstrap.bind(bindAddress, port).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
      throw new WatershedException(
          ErrorCode.UNREACHABLE,
          "The local Kinesis endpoint cannot listen on " + bindAddress + ":" + port + ".",
          "Is another one running? Choose another port, or 0 for any free one.",
          bound.cause());
    }
    return new HttpServer(loops, bound.channel());
  }

  int port() {
    return ((InetSocketAddress) channel.localAddress()).getPort();
  }

  @Override
  public void close() {
    channel.close().awaitUninterruptibly();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
