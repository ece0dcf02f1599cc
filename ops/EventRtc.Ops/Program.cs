using System.CommandLine;

var eventrtc = new RootCommand("Shows, checks and repairs what an EventRtc deployment has stored. It finds the servers by the services' variables (POSTGRES_DSN, REDIS_ADDR, ETCD_ENDPOINTS ...).")
{
};
return await eventrtc.Parse(args).InvokeAsync();
