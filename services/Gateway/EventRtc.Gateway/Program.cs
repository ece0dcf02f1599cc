using EventRtc.Hosting;

return await ServiceHost.Run("gateway", "0.0.0.0:8081", args, _ => { }, _ => { });
