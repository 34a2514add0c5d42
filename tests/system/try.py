import container, sys, time, os
container.enter(sys.argv[1])
with container.Container() as box:
    for i in range(2):
        t=time.time(); box.boot(); print('boot', time.time()-t)
        print(box.run('systemctl','list-units','--no-pager','--plain','--no-legend','--type=service').stdout)
        print(box.journal('-p','4'))
        t=time.time(); box.power_off() if i==0 else box.cut_power(); print('off', time.time()-t)
