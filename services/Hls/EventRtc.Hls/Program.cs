using EventRtc.Contracts;
using EventRtc.Hls;
using EventRtc.Hosting;

return await ServiceHost.Run("hls", "0.0.0.0:3100", args, builder =>
{
    builder.Listen("HLS_MEDIA_ADDR", builder.AddSettings<HlsOptions>("HLS").MediaAddress);
    builder.AddRoomTokens();
    builder.AddRoomDirectory(builder.AddEtcd().Rooms);
    builder.AddSettings<HlsKeyOptions>("HLS");
    builder.Services.AddSingleton<MixerFiles>().AddSingleton<KnownRooms>().AddSingleton<HlsTelemetry>();
    builder.Services.AddCors(cors => cors.AddDefaultPolicy(any => any.AllowAnyOrigin().WithMethods("GET", "POST").AllowAnyHeader()));
}, app =>
{
    app.UseCors();
    app.Services.GetRequiredService<HlsTelemetry>(); // shows from the beginning that nobody listens
    app.MapHls();
});
