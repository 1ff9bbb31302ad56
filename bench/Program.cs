Console.Error.WriteLine("usage: bench append|fanout|resume|startup|render");
return 2;
